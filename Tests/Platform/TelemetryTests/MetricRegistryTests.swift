import CoreMetrics
import Testing

@testable import Telemetry

@Suite("Metrics") struct MetricRegistryTests {
    @Test("are written as Prometheus reads them")
    func text() {
        let registry = MetricRegistry()
        registry.describe("requests_total", .counter, "Requests\nby \\ route.")
        registry.describe("time_seconds", .histogram, "Times.", buckets: [0.001, 0.5, 2])
        registry.add { [MetricFamily("memory_bytes", .gauge, help: "Memory.", value: 12.5)] }
        func requests(_ method: String, _ route: String) -> Counter {
            Counter(label: "requests_total", dimensions: [("method", method), ("route", route)], factory: registry)
        }
        requests("GET", "/b").increment()
        requests("GET", "/a\"\\\n").increment()
        requests("GET", "/b").increment(by: 2)
        _ = Counter(label: "plain.total", factory: registry)
        Gauge(label: "level", factory: registry).record(7)
        Meter(label: "room", factory: registry).set(2.5)
        let times = Timer(label: "time_seconds", dimensions: [("route", "/a")], factory: registry)
        for milliseconds in [1, 2, 500, 1_000, 3_000, 100_000] { times.recordMilliseconds(milliseconds) }
        #expect(
            registry.text() == #"""
                # HELP level 
                # TYPE level gauge
                level 7
                # HELP memory_bytes Memory.
                # TYPE memory_bytes gauge
                memory_bytes 12.5
                # HELP plain_total 
                # TYPE plain_total counter
                plain_total 0
                # HELP requests_total Requests\nby \\ route.
                # TYPE requests_total counter
                requests_total{method="GET",route="/a\"\\\n"} 1
                requests_total{method="GET",route="/b"} 3
                # HELP room 
                # TYPE room gauge
                room 2.5
                # HELP time_seconds Times.
                # TYPE time_seconds histogram
                time_seconds_bucket{route="/a",le="0.001"} 1
                time_seconds_bucket{route="/a",le="0.5"} 3
                time_seconds_bucket{route="/a",le="2"} 4
                time_seconds_bucket{route="/a",le="+Inf"} 6
                time_seconds_sum{route="/a"} 104.503
                time_seconds_count{route="/a"} 6

                """#)
    }

    @Test("of one name are one series, by whomever they are made")
    func shared() {
        let registry = MetricRegistry()
        for order in [[("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")]] {
            Counter(label: "x_total", dimensions: order, factory: registry).increment()
        }
        registry.add { [MetricFamily("items", .gauge, help: "Items.", value: 1)] }
        registry.add { [MetricFamily("items", .gauge, help: "Items.", value: 2)] }
        #expect(registry.text().contains("x_total{a=\"1\",b=\"2\"} 2\n"))
        #expect(registry.text().split(separator: "# TYPE items gauge").count == 2)
    }

    @Test("do not grow without end with what is asked, nor mix kinds")
    func limit() {
        let registry = MetricRegistry()
        for number in 0..<5_000 {
            let dimensions = [("a", "\(number)"), ("b", "y")]
            Counter(label: "x_total", dimensions: dimensions, factory: registry).increment()
        }
        let lines = registry.text().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == MetricRegistry.maximumSeriesCount + 1)
        #expect(lines.contains("x_total{a=\"other\",b=\"other\"} 3000"))
        Meter(label: "x_total", dimensions: [("a", "0"), ("b", "y")], factory: registry).set(77)
        #expect(registry.text().contains("x_total{a=\"0\",b=\"y\"} 1\n"))
    }

    @Test("are listed once they are described, before they are first measured")
    func described() {
        let registry = MetricRegistry()
        registry.describe("x.seconds", .histogram, "X.")
        #expect(registry.text() == "# HELP x_seconds X.\n# TYPE x_seconds histogram\n")
        Timer(label: "x.seconds", factory: registry).recordSeconds(2)
        #expect(registry.text().hasPrefix("# HELP x_seconds X.\n# TYPE x_seconds histogram\nx_seconds_bucket"))
    }

    @Test("lose nothing when many count at once")
    func parallel() async {
        let registry = MetricRegistry()
        registry.describe("x_seconds", .histogram, "X.", buckets: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        Counter(label: "x_total", factory: registry).increment()
                        Timer(label: "x_seconds", factory: registry).recordSeconds(2)
                    }
                }
            }
        }
        let text = registry.text()
        #expect(text.contains("\nx_total 8000\n"))
        #expect(
            text.contains("x_seconds_bucket{le=\"1\"} 0\nx_seconds_bucket{le=\"+Inf\"} 8000\nx_seconds_sum 16000\n"))
    }
}

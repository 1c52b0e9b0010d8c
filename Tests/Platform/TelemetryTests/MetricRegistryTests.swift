import Testing

@testable import Telemetry

@Suite("Metrics") struct MetricRegistryTests {
    @Test("are written as Prometheus reads them")
    func text() {
        let registry = MetricRegistry()
        let requests = registry.counter("requests_total", labels: ["method", "route"], help: "Requests\nby \\ route.")
        let plain = registry.counter("plain_total", help: "Without labels.")
        let times = registry.histogram("time_seconds", labels: ["route"], bounds: [0.001, 0.5, 2], help: "Times.")
        registry.add { [MetricFamily("memory_bytes", .gauge, help: "Memory.", value: 12.5)] }
        requests.add(1, "GET", "/b")
        requests.add(1, "GET", "/a\"\\\n")
        requests.add(2, "GET", "/b")
        for seconds in [0.001, 0.002, 0.5, 1, 3, 100] { times.observe(seconds, "/a") }
        _ = plain
        #expect(
            registry.text() == #"""
                # HELP requests_total Requests\nby \\ route.
                # TYPE requests_total counter
                requests_total{method="GET",route="/a\"\\\n"} 1
                requests_total{method="GET",route="/b"} 3
                # HELP plain_total Without labels.
                # TYPE plain_total counter
                plain_total 0
                # HELP time_seconds Times.
                # TYPE time_seconds histogram
                time_seconds_bucket{route="/a",le="0.001"} 1
                time_seconds_bucket{route="/a",le="0.5"} 3
                time_seconds_bucket{route="/a",le="2"} 4
                time_seconds_bucket{route="/a",le="+Inf"} 6
                time_seconds_sum{route="/a"} 104.503
                time_seconds_count{route="/a"} 6
                # HELP memory_bytes Memory.
                # TYPE memory_bytes gauge
                memory_bytes 12.5

                """#)
    }

    @Test("do not grow without end with what is asked")
    func limit() {
        let counter = MetricCounter("x_total", labels: ["a", "b"], help: "X.")
        for number in 0..<5_000 { counter.add(1, "\(number)", "y") }
        let family = counter.family
        #expect(family.samples.count == 2_001)
        #expect(family.samples.reduce(0) { $0 + $1.value } == 5_000)
        #expect(family.samples.last?.labels.map(\.value) == ["other", "other"])
    }

    @Test("lose nothing when many count at once")
    func parallel() async {
        let counter = MetricCounter("x_total", labels: [], help: "X.")
        let histogram = MetricHistogram("x_seconds", labels: [], bounds: [1], help: "X.")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        counter.add()
                        histogram.observe(2)
                    }
                }
            }
        }
        #expect(counter.family.samples.map(\.value) == [8_000])
        #expect(histogram.family.samples.map(\.value) == [0, 8_000, 16_000, 8_000])
    }
}

import Temporal
import Testing

@testable import CatalogueExport

struct TimeSpanTests {
    @Test(arguments: [
        ("2023-02-28T23:59:59.999999Z", "2023", "2023-02", "2023-02-28"),
        ("2024-12-31T00:00:00Z", "2024", "2024-12", "2024-12-31"),
        ("1969-12-31T23:59:59Z", "1969", "1969-12", "1969-12-31"),
        ("0000-01-01T00:00:00Z", "0000", "0000-01", "0000-01-01"),
        ("9999-12-31T23:59:59Z", "9999", "9999-12", "9999-12-31"),
    ])
    func spansHoldTheirInstants(text: String, year: String, month: String, day: String) throws {
        let instant = try #require(Timestamp(text)).microseconds
        for (length, name) in [(SpanLength.year, year), (.month, month), (.day, day)] {
            let span = length.span(of: instant)
            #expect(span.name == name)
            #expect(span.first <= instant && instant < span.end)
            #expect(length.span(of: span.first) == span)
            if span.end != .max { #expect(length.span(of: span.end).first == span.end) }
        }
    }

    @Test func filesHaveAGoodSize() {
        func counts(_ perMonth: Int) -> [Int64: Int] {
            Dictionary(
                uniqueKeysWithValues: (1...12).map {
                    (Timestamp(year: 2023, month: $0, day: 1)?.microseconds ?? 0, perMonth)
                })
        }
        #expect(SpanLength.bestFit([:]) == .year)
        #expect(SpanLength.bestFit(counts(10_000)) == .year)
        #expect(SpanLength.bestFit(counts(100_000)) == .month)
        #expect(SpanLength.bestFit(counts(5_000_000)) == .day)
    }
}

struct SpanContentTests {
    @Test func orderDoesNotMatterContentDoes() {
        func fingerprint(_ sequences: some Sequence<Int64>) -> String {
            var content = SpanContent()
            for sequence in sequences { content.add(sequence) }
            return content.fingerprint(0)
        }
        #expect(fingerprint(1...1_000) == fingerprint((1...1_000).reversed()))
        let all = (1...1_000).map { Int64($0) }
        var seen: Set<String> = [fingerprint(all)]
        for index in all.indices {
            var other = all
            other[index] += 1_000
            seen.insert(fingerprint(other))
            other.remove(at: index)
            seen.insert(fingerprint(other))
        }
        #expect(seen.count == 2_001)
        // Two that are swapped with two others of the same sum.
        #expect(fingerprint([1, 4]) != fingerprint([2, 3]))
        #expect(fingerprint([1, 1]) != fingerprint([1]))
    }
}

import Temporal
import TestKit
import Testing

@Suite("Timestamps") struct TimestampTests {
    @Test(
        "read RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1), ("1969-12-31T23:59:59.999999Z", -1),
            ("2020-03-28T20:05:46+02:00", 1_585_418_746_000_000), ("2020-03-28t18:05:46z", 1_585_418_746_000_000),
            ("2000-02-29T12:00:00.5Z", 951_825_600_500_000), ("1990-12-31T23:59:60Z", 662_688_000_000_000),
            ("2020-01-01T00:00:00.1234567Z", 1_577_836_800_123_456),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130_000),
        ] as [(String, Int64)])
    func reads(text: String, microseconds: Int64) throws {
        #expect(try #require(Timestamp(text)).microseconds == microseconds)
    }

    @Test(
        "reject texts that are not RFC 3339",
        arguments: [
            "", "2020-03-28", "2020-03-28T20:05:46", "2020-03-28 20:05:46Z", "2020-03-28T20:05:46+02",
            "2020-03-28T20:05:46+0200", "2021-02-29T00:00:00Z", "2020-13-01T00:00:00Z", "2020-01-01T24:00:00Z",
            "2020-01-01T00:00:00.Z", "2020-01-01T00:00:00+24:00", "2020-01-01T00:00:00ZZ", "2020-1-01T00:00:00Z00",
        ])
    func rejects(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        "read what users also write, when asked to be lenient",
        arguments: ["2020-03-28T20:05:46+02", "2020-03-28T20:05:46+0200", "2020-03-28 18:05:46", "2020-03-28T18:05:46"])
    func readsLeniently(text: String) {
        #expect(Timestamp(text, .lenient) == Timestamp("2020-03-28T18:05:46Z"))
    }

    @Test("print what they read, over four thousand years")
    func roundTrip() throws {
        var generator = SeededGenerator()
        for _ in 0..<10_000 {
            let value = Timestamp(
                microseconds: Int64.random(in: -62_167_219_200_000_000...253_402_300_799_999_999, using: &generator))
            #expect(Timestamp(value.description) == value, "\(generator)")
        }
    }
}

@Suite("Intervals") struct DateTimeIntervalTests {
    @Test("open ends may be dots or nothing", arguments: ["../2020-01-01T00:00:00Z", "/2020-01-01T00:00:00Z"])
    func openStart(text: String) throws {
        let interval = try DateTimeInterval(text)
        #expect(interval.start == nil)
        #expect(interval.end == Timestamp("2020-01-01T00:00:00Z"))
    }

    @Test(
        "report the fault",
        arguments: [
            ("../..", DateTimeError.unbounded), ("/", .unbounded), ("2020-01-01", .notRFC3339("2020-01-01")),
            ("2020-01-02T00:00:00Z/2020-01-01T00:00:00Z", .endBeforeStart), ("a/b/c", .tooManyParts(3)),
            ("", .notRFC3339("")),
        ])
    func rejects(text: String, error: DateTimeError) {
        #expect(throws: error) { try DateTimeInterval(text) }
    }
}

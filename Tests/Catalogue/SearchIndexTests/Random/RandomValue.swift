import JSON
import Temporal
import TestKit

/// Values from pools so small that equal ones and neighbours are frequent, in the spellings that Items come in.
enum RandomValue {
    static let numbers = [
        "0", "-0.0", "1", "1.0", "1e0", "-1", "2", "3", "10", "100", "0.1", "0.25", "-0.5", "12.345678", "99.999999",
        "0.3333333333333333", "1e-7", "255", "256", "65535", "65536", "4294967295", "4294967296", "9007199254740993",
        "1e21", "-1e300", "1e999", "-1e999",
    ]

    static let long = [
        String(repeating: "x", count: 4096), String(repeating: "x", count: 4097), String(repeating: "y", count: 5000),
    ]

    static let strings = [
        "", "a", "ab", "abc", "abd", "A", "AB", "b", "Straße", "STRASSE", "é", "e\u{301}", "É", "東京", "😀", "a%b", "a_b",
        "a\\b", "\"", "\n", "\u{0}", "1", "true", "..", "2020-01-01", "2020-06-15", "2020-01-01/2020-06-15",
        "../2020-06-15",
        "2020-13-01", "sentinel-2a", "sentinel-2b", "Sentinel-2A",
    ]

    /// Some of them the same instant.
    static let timestamps = [
        "2019-12-31T23:59:59.999999Z", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.000Z", "2020-01-01T01:00:00+01:00",
        "2020-01-01t00:00:00z", "2020-01-01T00:00:00.000001Z", "2020-01-01T00:00:00.0000019Z", "2020-06-15T12:30:00Z",
        "2020-06-15T12:30:00.5Z", "2020-06-15T14:30:00+02:00", "2020-06-15T00:00:00Z", "2021-02-28T23:59:60Z",
        "1969-07-20T20:17:40Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ]

    /// These are read as date and time, too, but no RFC 3339.
    static let lenientTimestamps = ["2020-01-01 00:00:00", "2020-06-15T12:30:00", "2020-06-15T14:30:00+0200"]

    static let structures = [
        "[]", "[1]", "[1,2,3]", "[\"a\",\"b\"]", "[null]", "[\"2020-01-01T00:00:00Z\"]", "[[1],[2]]", "{}", "{\"b\":1}",
        "{\"b\":null}", "{\"b\":\"a\"}", "{\"b\":{\"c\":\"a\"}}", "{\"b.c\":2}", "{\"b\":[1,2]}",
        "{\"type\":\"Point\",\"coordinates\":[10,10]}", "{\"type\":\"Polygon\",\"coordinates\":[]}",
    ]

    /// What `LIKE` is tried with.
    static let patterns = [
        "", "%", "_", "a%", "%b", "%a%", "a_b", "a\\%b", "a\\_b", "A%", "2020%", "2020-01-01T00:00:00Z", "sentinel-2_",
        "%é",
        "x%", "strasse",
    ]

    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        writeJSONString(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension SeededGenerator {
    mutating func timestampText() -> String {
        chance(80) ? pick(RandomValue.timestamps) : pick(RandomValue.lenientTimestamps)
    }

    mutating func instant() -> Timestamp {
        // All of them are timestamps, as the next line demands.
        let instant = Timestamp(pick(RandomValue.timestamps))!
        return chance(80) ? instant : Timestamp(microseconds: instant.microseconds + Int64(integer(-1...1)))
    }

    /// JSON text of a string; a few of its characters may be escaped.
    mutating func stringJSON(_ text: String) -> String {
        guard chance(5), let first = text.unicodeScalars.first, first.value < 0x80 else {
            return RandomValue.quoted(text)
        }
        let digits = String(first.value, radix: 16)
        // By scalars: a quote and a combining mark behind it would be one character.
        let rest = RandomValue.quoted(String(text.unicodeScalars.dropFirst())).unicodeScalars.dropFirst()
        return "\"\\u" + String(repeating: "0", count: 4 - digits.count) + digits + String(rest)
    }
}

import HTTPTypes
import JSON
import Testing

@testable import STACServer

@Suite("Known problems of times") struct DatetimeProblemTests {
    private static func interval(_ id: String, _ start: String, _ end: String, datetime: JSONValue = .null) -> JSONValue
    {
        TestAPI.item(
            id,
            properties: [
                "datetime": datetime, "start_datetime": .string(start + "T00:00:00Z"),
                "end_datetime": .string(end + "T00:00:00Z"),
            ])
    }

    private static let items = [
        interval("june", "2020-06-01", "2020-07-01"), interval("year", "2020-01-01", "2021-01-01"),
        interval("both", "2020-06-10", "2020-06-20", datetime: "2020-06-15T00:00:00Z"),
        TestAPI.item("instant", properties: ["datetime": "2020-06-15T12:00:00.500Z"]),
    ]

    @Test(
        "stac-server#1165, SFEOS#391, SFEOS#396: Items match by their interval, whether datetime is null or not",
        arguments: [
            ("2020-06-15T12:00:00.500Z", ["june", "year", "both", "instant"]),
            ("2020-06-11T00:00:00Z/2020-06-12T00:00:00Z", ["june", "year", "both"]),
            ("2020-06-20T00:00:00Z", ["june", "year", "both"]), ("2020-06-20T00:00:01Z", ["june", "year"]),
            ("2020-07-01T00:00:00Z/2020-08-01T00:00:00Z", ["june", "year"]),
            ("2020-12-31T00:00:00Z/2022-01-01T00:00:00Z", ["year"]), ("2021-01-01T00:00:01Z/..", []),
        ])
    func intervals(datetime: String, expected: [String]) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await Set(api.find("datetime=" + datetime)) == Set(expected))
            #expect(try await Set(api.find(posting: ["datetime": .string(datetime)])) == Set(expected))
        }
    }

    @Test(
        "stac-server#137: an interval may be open at either end, in each way to write it",
        arguments: [
            ("2020-06-20T00:00:01Z/..", 2), ("2020-06-20T00:00:01Z/", 2), ("../2020-06-05T00:00:00Z", 2),
            ("/2020-06-05T00:00:00Z", 2),
        ])
    func openIntervals(datetime: String, count: Int) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await api.find("datetime=" + datetime).count == count)
        }
    }

    @Test("pgstac#158: datetime stays in the Item when it is null")
    func nullStays() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            for path in ["/collections/c/items/june", "/search?ids=june", "/search?ids=june&fields="] {
                let response = try await api.get(path).json
                let properties = (response["features"]?[0] ?? response)["properties"]?.object
                #expect(properties?.names.contains("datetime") == true, "\(path)")
                #expect(properties?["datetime"]?.isNull == true, "\(path)")
            }
        }
    }

    @Test("terrapi item search: fractions of a second and offsets are not lost")
    func fractions() async throws {
        try await TestAPI.run { api in
            try await api.create([Self.items[3]])
            for hit in [
                "2020-06-15T12:00:00.4Z/2020-06-15T12:00:00.5Z", "2020-06-15T14:00:00.5%2B02:00",
                "2020-06-15t12:00:00.500000z",
            ] {
                #expect(try await api.find("datetime=" + hit) == ["instant"], "\(hit)")
            }
            for miss in ["2020-06-15T12:00:00Z", "../2020-06-15T12:00:00.499999Z", "2020-06-15T12:00:00.500001Z/.."] {
                #expect(try await api.find("datetime=" + miss).isEmpty, "\(miss)")
            }
        }
    }
}

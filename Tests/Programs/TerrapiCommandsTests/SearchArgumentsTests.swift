import ArgumentParser
import CQL2
import Geo
import STACAPI
import Temporal
import TestKit
import Testing

@testable import TerrapiCommands

@Suite("Conditions on the command line") struct SearchArgumentsTests {
    private static func request(_ arguments: String...) throws -> SearchRequest {
        let command = try Terrapi.parseAsRoot(["geoparquet", "search", "folder"] + arguments)
        return try #require(command as? GeoParquetCommand.Search).conditions.request()
    }

    @Test("may have values that begin with a minus")
    func minus() throws {
        #expect(try Self.request("--bbox", "-10,40,20,60").area == Geometry(BoundingBox([-10, 40, 20, 60])))
        #expect(try Self.request("--sortby", "-datetime").sortBy == [SortKey("datetime", .descending)])
        #expect(try Self.request("--sortby=-datetime,+id").sortBy.count == 2)
        #expect(try Self.request("--filter", "-5 < a").filter?.text == "-5 < a")
        #expect(try Self.request("--ids", "-1,b").ids == ["-1", "b"])
        #expect(try Self.request("--collections", "-c").collections == ["-c"])
        #expect(throws: ValidationError.self) { try Self.request("--bbox", "--limit") }
    }

    @Test(
        "take calendar periods as well as instants",
        arguments: [
            ("2021", "2021-01-01T00:00:00Z", "2021-12-31T23:59:59.999999Z"),
            ("2020-02", "2020-02-01T00:00:00Z", "2020-02-29T23:59:59.999999Z"),
            ("2021-06/2021-08", "2021-06-01T00:00:00Z", "2021-08-31T23:59:59.999999Z"),
            ("2021-06-01", "2021-06-01T00:00:00Z", "2021-06-01T23:59:59.999999Z"),
            ("2021-06-01/2022", "2021-06-01T00:00:00Z", "2022-12-31T23:59:59.999999Z"),
            ("2021-06/..", "2021-06-01T00:00:00Z", nil), ("/2021-06", nil, "2021-06-30T23:59:59.999999Z"),
            ("2021-06-01T10:00:00Z/2021-06-02", "2021-06-01T10:00:00Z", "2021-06-02T23:59:59.999999Z"),
            ("2021-06-01T10:00:00Z", "2021-06-01T10:00:00Z", "2021-06-01T10:00:00Z"),
            ("9999", "9999-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"),
        ] as [(String, String?, String?)])
    func periods(text: String, start: String?, end: String?) throws {
        let interval = try #require(try Self.request("--datetime", text).datetime)
        #expect(interval.start == start.flatMap { Timestamp($0) })
        #expect(interval.end == end.flatMap { Timestamp($0) })
    }

    @Test(
        "are rejected with their name",
        arguments: ["2021-13", "2021-02-30", "21", "2021-6", "2021/2020", "2021/2022/2023", "+021", "2021-06/later"])
    func rejections(text: String) {
        let error = #expect(throws: ValidationError.self) { try Self.request("--datetime", text) }
        #expect(error?.message.hasPrefix("--datetime is wrong: ") == true)
    }

    @Test("take a filter from a file, everywhere")
    func files() throws {
        try withTemporaryDirectory { directory in
            let file = try directory.write("a < 5", to: "filter.cql2")
            #expect(try Self.request("--filter", "@" + file).filter?.text == "a < 5")
            let convert = try Terrapi.parseAsRoot(["cql2", "convert", "@" + file]) as? CQL2Command.Convert
            #expect(try convert?.filter.read().expression.text == "a < 5")
        }
    }
}

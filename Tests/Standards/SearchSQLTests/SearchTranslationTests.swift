import CQL2
import CQL2SQL
import Geo
import STACAPI
import SearchSQL
import Temporal
import Testing

@Suite("A search in SQL") struct SearchTranslationTests {
    let search = SearchTranslation(
        SQLTranslation(
            dialect: .duckdb,
            layout: .geoparquet(
                types: ["datetime": .timestamp, "eo:cloud_cover": .number], isComplete: true, geometry: .native,
                covering: SQLLayout.Covering(mayCross: false)),
            features: [.spatial]))

    @Test("has all conditions, the order and the limit")
    func statement() throws {
        var request = SearchRequest(
            collections: ["s2"], ids: ["a", "b"], area: Geometry(try BoundingBox([0, 0, 1, 2])),
            datetime: try DateTimeInterval("2021-01-01T00:00:00Z/.."),
            filter: try Expression(text: "\"eo:cloud_cover\" < 21"),
            sortBy: [SortKey("eo:cloud_cover")], limit: 5)
        #expect(
            try search.statement(for: request, from: "s2 \"x\"").text == #"""
                SELECT * FROM "s2 ""x""" WHERE (("id" IN ('a', 'b')) AND ("collection" IN ('s2')) AND \#
                (("bbox"."ymin" <= 2 AND "bbox"."ymax" >= 0 AND "bbox"."xmin" <= 1 AND "bbox"."xmax" >= 0) AND \#
                ST_Intersects("geometry", ST_GeomFromText('POLYGON ((0 0, 1 0, 1 2, 0 2, 0 0))'))) AND \#
                ("eo:cloud_cover" < 21)) AND \#
                (("datetime" >= CAST('2021-01-01 00:00:00+00' AS TIMESTAMP WITH TIME ZONE))) \#
                ORDER BY "eo:cloud_cover" ASC NULLS LAST, "id" ASC NULLS LAST, "collection" ASC NULLS LAST LIMIT 5
                """#)
        request = SearchRequest(limit: 1)
        #expect(
            try search.statement(for: request, from: "s2").text
                == #"SELECT * FROM "s2" ORDER BY "datetime" DESC NULLS LAST, "id" DESC NULLS LAST, "#
                + #""collection" DESC NULLS LAST LIMIT 1"#)
    }

    @Test("takes intervals of Items where there are columns for them")
    func intervals() throws {
        let search = SearchTranslation(SQLTranslation(dialect: .duckdb, layout: .geoparquet()))
        let request = SearchRequest(datetime: try DateTimeInterval("../2021-01-01T00:00:00Z"), limit: 1)
        #expect(
            try search.statement(for: request, from: "t").text.contains(
                #""start_datetime" <= CAST('2021-01-01 00:00:00+00' AS TIMESTAMP WITH TIME ZONE) OR "#
                    + #"("start_datetime" IS NULL AND "datetime" <= CAST('2021-01-01 00:00:00+00'"#))
    }

    @Test("sorts texts that say times as times, before other texts")
    func textOrder() throws {
        let layout = SQLLayout.geoparquet(types: ["t": .string, "datetime": .timestamp], isComplete: true)
        let search = SearchTranslation(SQLTranslation(dialect: .duckdb, layout: layout))
        let text = try search.statement(for: SearchRequest(sortBy: [SortKey("t", .descending)]), from: "x").text
        let order = try #require(text.split(separator: "ORDER BY ").last)
        #expect(order.hasPrefix(#"CASE WHEN CASE WHEN length("t") > 10 THEN "#))
        #expect(
            order.hasSuffix(
                #"IS NULL THEN "t" END DESC NULLS LAST, "id" DESC NULLS LAST, "collection" DESC NULLS LAST LIMIT 10"#))
    }

    @Test("rejects words and elevations, and tables without a name")
    func rejects() throws {
        #expect(throws: SQLTranslationError.self) {
            try search.statement(for: SearchRequest(elevation: 0...1), from: "t")
        }
        #expect(throws: SQLTranslationError.nul) { try search.statement(for: SearchRequest(), from: "t\0") }
    }
}

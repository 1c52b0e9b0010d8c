import CQL2
import CQL2SQL
import Testing

private func sql(
    _ filter: String, _ dialect: SQLDialect = .duckdb, _ layout: SQLLayout = .geoparquet(),
    _ features: SQLFeatures = [.spatial]
) throws -> String {
    try SQLTranslation(dialect: dialect, layout: layout, features: features)
        .condition(for: Expression(text: filter)).text
}

@Suite("CQL2 in SQL") struct SQLTranslationTests {
    @Test(
        "for columns in DuckDB",
        arguments: [
            ("\"eo:cloud_cover\" < 10", #""eo:cloud_cover" < 10"#),
            ("a < 10.5", #""a" < 10.5e0"#),
            ("a = -1", #""a" = (-1)"#),
            ("properties.a = 'x'", #""a" = 'x'"#),
            ("platform = 'it''s'", #""platform" = 'it''s'"#),
            ("NOT a = 1 OR b = TRUE", #"(NOT ("a" = 1)) OR ("b" = TRUE)"#),
            ("a BETWEEN 1 AND 2", #""a" >= 1 AND "a" <= 2"#),
            ("a IN (1, 2)", #""a" IN (1, 2)"#),
            ("a IN ('x', 1)", #"("a" = 'x') OR ("a" = 1)"#),
            ("a IS NULL", #""a" IS NULL"#),
            ("flag", #""flag""#),
            ("a LIKE 'x\\%_%'", #""a" LIKE 'x\%_%' ESCAPE '\'"#),
            ("1 = 1 AND a = 1", #"(TRUE) AND ("a" = 1)"#),
            ("1 = 'x' OR a = 1", #"(CAST(NULL AS BOOLEAN)) OR ("a" = 1)"#),
            (
                "datetime >= TIMESTAMP('2021-01-01T00:00:00.5+01:00')",
                #""datetime" >= CAST('2020-12-31 23:00:00.500+00' AS TIMESTAMP WITH TIME ZONE)"#
            ),
            (
                "datetime >= '2021-01-01'",
                #""datetime" >= CAST('2021-01-01 00:00:00+00' AS TIMESTAMP WITH TIME ZONE)"#
            ),
            (
                "T_DURING(datetime, INTERVAL('2021-01-01', '2021-02-01'))",
                #""datetime" > CAST('2021-01-01 00:00:00+00' AS TIMESTAMP WITH TIME ZONE) AND "#
                    + #""datetime" < CAST('2021-02-01 00:00:00+00' AS TIMESTAMP WITH TIME ZONE)"#
            ),
            ("assets.B04.gsd = 10", #"struct_extract(struct_extract("assets", 'B04'), 'gsd') = 10"#),
            (
                "A_CONTAINS(l, ('VV'))",
                #"CASE WHEN "l" IS NOT NULL THEN list_contains("l", 'VV') END"#
            ),
        ])
    func duckDB(filter: String, expected: String) throws {
        #expect(try sql(filter) == expected)
    }

    @Test(
        "with spatial, boxes come first",
        arguments: [
            (
                true,
                #"("bbox"."ymin" <= 2 AND "bbox"."ymax" >= 0 AND (CASE WHEN "bbox"."xmin" <= "bbox"."xmax" "#
                    + #"THEN "bbox"."xmin" <= 1 AND "bbox"."xmax" >= 0 ELSE "bbox"."xmin" <= 1 OR "bbox"."xmax" >= 0 END))"#
            ),
            (
                false,
                #"("bbox"."ymin" <= 2 AND "bbox"."ymax" >= 0 AND "bbox"."xmin" <= 1 AND "bbox"."xmax" >= 0)"#
            ),
        ])
    func boxes(mayCross: Bool, boxes: String) throws {
        let layout = SQLLayout.geoparquet(covering: SQLLayout.Covering(mayCross: mayCross))
        let expected =
            boxes + #" AND ST_Intersects(ST_GeomFromWKB("geometry"), "#
            + "ST_GeomFromText('POLYGON ((0 0, 1 0, 1 2, 0 2, 0 0))'))"
        #expect(try sql("S_INTERSECTS(geometry, BBOX(0,0,1,2))", .duckdb, layout) == expected)
    }

    @Test("a box across the antimeridian is two")
    func antimeridian() throws {
        let layout = SQLLayout.geoparquet(geometry: .native, covering: SQLLayout.Covering(mayCross: false))
        let text = try sql("S_INTERSECTS(geometry, BBOX(170,-10,-170,10))", .duckdb, layout)
        #expect(text.contains(#"("bbox"."xmin" <= (-170) OR "bbox"."xmax" >= 170)"#))
        #expect(text.contains("MULTIPOLYGON"))
        #expect(text.contains(#"ST_Intersects("geometry", "#))
    }

    @Test("without spatial, boxes decide only on request, and only what they can")
    func approximateBoxes() throws {
        let layout = SQLLayout.geoparquet(covering: SQLLayout.Covering(mayCross: false))
        #expect(
            try sql("S_INTERSECTS(geometry, BBOX(0,0,1,2))", .duckdb, layout, [.approximateBoxes])
                == #"("bbox"."ymin" <= 2 AND "bbox"."ymax" >= 0 AND "bbox"."xmin" <= 1 AND "bbox"."xmax" >= 0)"#)
        for filter in [
            "S_WITHIN(geometry, BBOX(0,0,1,2))", "NOT S_INTERSECTS(geometry, BBOX(0,0,1,2))",
            "S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 0)))",
        ] {
            #expect(throws: SQLTranslationError.self) { try sql(filter, .duckdb, layout, [.approximateBoxes]) }
        }
        #expect(throws: SQLTranslationError.self) {
            try sql("S_INTERSECTS(geometry, BBOX(0,0,1,2))", .duckdb, layout, [])
        }
    }

    @Test(
        "rejects filters without an exact translation, with the reason",
        arguments: [
            ("S_TOUCHES(geometry, POINT(0 0))", SQLDialect.sqlite, "S_TOUCHES cannot be translated to sqlite"),
            ("S_TOUCHES(geometry, POINT(0 0))", .postgresql, "S_TOUCHES cannot be translated to postgresql"),
            ("a % 2 = 1", .postgresql, "the operator % cannot be translated to postgresql"),
            ("CASEI(a) = 'x'", .sqlite, "CASEI cannot be translated to sqlite"),
            ("f(a) = 1", .sqlite, "there is no function 'f'"),
            ("A_EQUALS(a, b)", .sqlite, "A_EQUALS cannot be translated to sqlite"),
            ("a = b", .duckdb, "the type of the column 'a' must be given"),
            ("a > '2021-01-01T00:00:00Z'", .duckdb, "the type of the column 'a' must be given"),
            ("T_AFTER(a, DATE('2021-01-01'))", .duckdb, "the type of the column 'a' must be given"),
            ("datetime LIKE '2021%'", .duckdb, "LIKE on the time 'datetime' cannot be translated to duckdb"),
            ("datetime = 'x'", .duckdb, "comparing the time 'datetime' with a text cannot be translated to duckdb"),
            (
                "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", .duckdb,
                "S_INTERSECTS cannot be translated to duckdb"
            ),
        ])
    func rejects(filter: String, dialect: SQLDialect, reason: String) throws {
        let layout: SQLLayout = dialect == .duckdb ? .geoparquet() : .document()
        let error = #expect(throws: SQLTranslationError.self) { try sql(filter, dialect, layout, []) }
        #expect("\(error!)".hasPrefix(reason))
    }

    @Test("rejects a geometry that crosses itself")
    func invalidGeometry() {
        #expect(throws: SQLTranslationError.invalidGeometry) {
            try sql("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))")
        }
    }

    @Test("takes properties that are not there for null where all columns are known")
    func complete() throws {
        let layout = SQLLayout.geoparquet(types: ["a": .number], isComplete: true)
        #expect(
            try sql("a < 1 OR b < 1 OR c IS NULL", .duckdb, layout)
                == #"("a" < 1) OR (CAST(NULL AS BOOLEAN)) OR (TRUE)"#)
        #expect(try sql("a = 'x'", .duckdb, layout) == "CAST(NULL AS BOOLEAN)")
    }

    @Test("stays of a bounded length where operators repeat their operands")
    func length() throws {
        let deep = String(repeating: "(1 + a * ", count: 60) + "a" + String(repeating: ")", count: 60)
        #expect(throws: SQLTranslationError.tooLong) { try sql("\(deep) > 1") }
        let folds = String(repeating: "CASEI(ACCENTI(", count: 8) + "a" + String(repeating: "))", count: 8)
        #expect(throws: SQLTranslationError.tooLong) { try sql("\(folds) = 'x'") }
        let many = (0..<2_000).map { "a = \($0)" }.joined(separator: " OR ")
        #expect(try sql(many).hasPrefix(#"("a" = 0) OR "#))
    }
}

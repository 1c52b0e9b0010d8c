import CQL2
import Geo
import JSON
import STACAPI
import SearchIndex
import Testing

/// What random tests or reading have found, one input each.
@Suite("Searches that once went wrong") struct SearchRegressionTests {
    private static let composed = "\u{e9}"
    private static let decomposed = "e\u{301}"

    private func byID(_ filter: Expression) -> SearchRequest { SearchRequest(filter: filter, sortBy: [SortKey("id")]) }

    @Test("names that Unicode calls equivalent are two properties")
    func equivalentNames() throws {
        let catalogue = try SmallCatalogue(properties: [
            "\"\(Self.composed)\":1,\"\(Self.decomposed)\":2", "\"\(Self.composed)\":2", "\"\(Self.decomposed)\":1",
        ])
        let one = Operand.number(JSONNumber(1))
        #expect(try catalogue.ids(byID(.comparison(.equal, .property(Self.composed), one))) == ["a"])
        #expect(try catalogue.ids(byID(.comparison(.equal, .property(Self.decomposed), one))) == ["c"])
        let both = Expression.comparison(.less, .property(Self.composed), .property(Self.decomposed))
        #expect(try catalogue.ids(byID(both)) == ["a"])
        #expect(try catalogue.index.summary().properties.count == 3)
    }

    @Test("an id is found where the order of bytes is not that of String")
    func decomposedID() throws {
        let catalogue = try SmallCatalogue([Self.decomposed, "f"].map { SmallCatalogue.item($0) })
        #expect(try catalogue.outcome(SearchRequest(ids: [Self.decomposed])).matched == 1)
        #expect(try catalogue.outcome(SearchRequest(ids: [Self.composed])).matched == 0)
    }

    @Test("an Item is found by its id where versions of it that came together are many")
    func versionsInOneBatch() throws {
        let versions = 20
        for current in 1...Int64(versions) {
            // All but one of them go.
            let catalogue = try SmallCatalogue([String](repeating: SmallCatalogue.item("a"), count: versions))
            var changes = IndexChanges(after: Int64(versions))
            for version in 1...Int64(versions) where version != current {
                changes.remove(version, from: SmallCatalogue.key.number, at: Int64(versions) + 1)
            }
            try catalogue.index.apply(changes)
            #expect(try catalogue.outcome(SearchRequest(ids: ["a"])).hits.map(\.sequence) == [current])
            let filter = Expression.comparison(.equal, .property("id"), .string("a"))
            #expect(try catalogue.outcome(byID(filter)).hits.map(\.sequence) == [current])
        }
    }

    @Test("changes that overlap with those in the index are there once")
    func overlappingChanges() throws {
        let catalogue = try SmallCatalogue(properties: ["", "", ""])
        // All but the first are known; a change of nothing makes the end later.
        var again = try catalogue.changes(1..<3)
        again.pass(7)
        try catalogue.index.apply(again)
        #expect(catalogue.index.appliedSequence == 7)
        #expect(try catalogue.ids(SearchRequest(sortBy: [SortKey("id")])) == ["a", "b", "c"])
    }

    @Test("an empty geometry is disjoint from an area, and no geometry is not known to be")
    func emptyGeometry() throws {
        let catalogue = try SmallCatalogue([
            SmallCatalogue.item("empty", geometry: "{\"type\":\"Polygon\",\"coordinates\":[]}"),
            SmallCatalogue.item("none"),
            SmallCatalogue.item("point", geometry: "{\"type\":\"Point\",\"coordinates\":[1,1]}"),
        ])
        let area = Operand.geometry(Geometry(PlanarBox(minX: 0, minY: 0, maxX: 2, maxY: 2)))
        func ids(_ predicate: SpatialPredicate, isNegated: Bool = false) throws -> [String] {
            let expression = Expression.spatial(predicate, .property("geometry"), area)
            return try catalogue.ids(byID(isNegated ? .not(expression) : expression))
        }
        #expect(try ids(.disjoint) == ["empty"])
        #expect(try ids(.intersects, isNegated: true) == ["empty"])
        #expect(try ids(.within, isNegated: true) == ["empty"])
        #expect(try ids(.intersects) == ["point"])
        #expect(try ids(.disjoint, isNegated: true) == ["point"])
        #expect(try catalogue.ids(byID(.isNull(.property("geometry")))) == ["none"])
    }

    @Test("IS NULL of what is computed from a time looks at the text")
    func nullOfComputed() throws {
        let catalogue = try SmallCatalogue(properties: ["\"t\":\"2020-01-01T00:00:00Z\"", "\"t\":1", ""])
        #expect(try catalogue.ids(byID(.isNull(.casei(.property("t"))))) == ["b", "c"])
        #expect(try catalogue.ids(byID(.isNull(.property("t")))) == ["c"])
    }

    @Test("IS NULL of what is computed from a geometry is not that of the geometry")
    func nullOfComputedGeometry() throws {
        let point = SmallCatalogue.item("a", geometry: "{\"type\":\"Point\",\"coordinates\":[1,1]}")
        let catalogue = try SmallCatalogue([point])
        #expect(try catalogue.ids(byID(.isNull(.casei(.property("geometry"))))) == ["a"])
        #expect(try catalogue.ids(byID(.isNull(.property("geometry")))).isEmpty)
    }

    @Test("nothing is in an empty list, whatever its type")
    func emptyList() throws {
        let catalogue = try SmallCatalogue(properties: [
            "\"v\":\"x\"", "\"v\":1", "\"v\":true", "\"v\":\"2020-01-01T00:00:00Z\"", "",
        ])
        #expect(try catalogue.ids(byID(.in(.property("v"), []))).isEmpty)
        #expect(try catalogue.ids(byID(.not(.in(.property("v"), [])))).count == 5)
    }

    @Test("a member of properties called geometry sorts nothing")
    func sortByGeometry() throws {
        let catalogue = try SmallCatalogue(properties: ["\"geometry\":2", "\"geometry\":1"])
        #expect(try catalogue.ids(SearchRequest(sortBy: [SortKey("geometry")])) == ["a", "b"])
    }

    @Test("an unknown function is an error, also where no Item is")
    func unknownFunction() throws {
        let catalogue = try SmallCatalogue([])
        #expect(throws: CQL2Error.self) { try catalogue.outcome(byID(.boolean(.function("f", [])))) }
    }
}

import STACAPI
import SearchIndex
import Testing

@Suite("Sorting by members of objects") struct NestedSortTests {
    private static let properties = [
        #""proj:centroid":{"lat":48.5,"lon":11}"#, #""proj:centroid":{"lat":-3}"#, #""proj:centroid":{"lon":1}"#,
        #""other":1"#, #""proj:centroid":{"lat":"text"}"#, #""proj:centroid.lat":7"#, #""proj:centroid":3"#,
        #""proj:centroid":{"lat":[1]}"#,
    ]

    @Test("orders by their values, those without last, page after page")
    func order() throws {
        let catalogue = try SmallCatalogue(properties: Self.properties)
        for (direction, expected) in [
            (SortKey.Direction.ascending, "b f a e c d g h"), (.descending, "e a f b h g d c"),
        ] {
            let sortBy = [SortKey("proj:centroid.lat", direction)]
            let ids = expected.split(separator: " ").map(String.init)
            #expect(try catalogue.ids(SearchRequest(sortBy: sortBy)) == ids)
            var paged: [String] = []
            var cursor: SearchCursor?
            repeat {
                let outcome = try catalogue.outcome(SearchRequest(sortBy: sortBy, limit: 3, cursor: cursor))
                paged += outcome.hits.map(\.id)
                cursor = outcome.next
            } while cursor != nil
            #expect(paged == ids)
        }
    }

    @Test("counts the Items that it reads")
    func budget() throws {
        let catalogue = try SmallCatalogue(properties: Self.properties)
        let request = SearchRequest(sortBy: [SortKey("proj:centroid.lat")])
        #expect(throws: SearchAborted.tooManyItemsDecoded(limit: 7)) {
            try catalogue.index.search(request, SearchBudget(.init(maximumItemsDecoded: 7))) { _, _ in }
        }
        // Once for each such key: their values are in memory together.
        let two = SearchRequest(sortBy: [SortKey("proj:centroid.lat"), SortKey("proj:centroid.lon"), SortKey("other")])
        #expect(throws: SearchAborted.tooManyItemsDecoded(limit: 15)) {
            try catalogue.index.search(two, SearchBudget(.init(maximumItemsDecoded: 15))) { _, _ in }
        }
        #expect(throws: Never.self) {
            try catalogue.index.search(two, SearchBudget(.init(maximumItemsDecoded: 16))) { _, _ in }
        }
    }
}

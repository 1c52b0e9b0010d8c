import CQL2
import STACAPI
import Temporal
import Testing

@testable import SearchIndex

@Suite("Effort of searches") struct SearchEffortTests {
    @Test("is given up when the request has ended, in the next segment or document")
    func cancelled() throws {
        let budget = SearchBudget(.init(isCancelled: { true }))
        #expect(throws: SearchAborted.cancelled) { try budget.beginSegment() }
        #expect(throws: SearchAborted.cancelled) { try budget.proceed(at: 256) }
        #expect(throws: Never.self) { try budget.proceed(at: 257) }
    }

    @Test("is given up while texts are looked for in several segments at once")
    func cancelledInTexts() throws {
        let catalogue = try SmallCatalogue(properties: ["\"title\":\"a b\"", "\"title\":\"b a\""])
        let budget = SearchBudget(.init(isCancelled: { true }))
        var request = SearchRequest(limit: 1)
        request.text = try FreeTextExpression(text: "\"a b\"")
        #expect(throws: SearchAborted.cancelled) { try catalogue.index.search(request, budget) { _, _ in } }
        #expect(throws: SearchAborted.cancelled) {
            try catalogue.index.aggregate(request, [.count], budget) { _, _ in }
        }
    }

    @Test("counts documents of all segments together")
    func itemsDecoded() throws {
        let budget = SearchBudget(.init(maximumItemsDecoded: 10))
        try budget.willDecode(itemCount: 6)
        #expect(throws: SearchAborted.tooManyItemsDecoded(limit: 10)) { try budget.willDecode(itemCount: 5) }
        try budget.willDecode(itemCount: 4)
        #expect(budget.counts.itemsDecoded == 10)
    }

    @Test(
        "goes by the shape of the request",
        arguments: [
            (SearchRequest(), "all"), (SearchRequest(ids: ["a"]), "ids"),
            (SearchRequest(sortBy: [SortKey("datetime", .descending)]), "all"),
            (SearchRequest(sortBy: [SortKey("eo:cloud_cover")]), "all+sorted"),
            (SearchRequest(datetime: try DateTimeInterval("2024-01-01T00:00:00Z"), filter: .and([])), "time+filter"),
        ])
    func shape(request: SearchRequest, shape: String) {
        #expect(request.shape == shape)
    }
}

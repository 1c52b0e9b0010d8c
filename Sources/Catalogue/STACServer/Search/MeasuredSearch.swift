import Catalogue
import HTTPEdge
import JSON
import Logging
import STACAPI

extension STACServer {
    /// A page, within the budget of one search.
    func found(by search: SearchRequest, _ request: STACRequest) throws -> SearchPage {
        try measured(search, request) { try request.catalogue.search(search, $0) }
    }

    /// Runs, measures and limits a search; one that is slow is logged with its plan.
    func measured<Result>(
        _ search: SearchRequest, _ request: STACRequest, _ body: (SearchBudget) throws -> Result
    ) throws -> Result {
        let budget = budget(of: request, maximumItemsDecoded: configuration.maximumItemsDecodedPerSearch)
        let start = ContinuousClock.now
        defer {
            let duration = ContinuousClock.now - start
            metrics.record(search.shape, duration, budget.counts)
            if let slow = configuration.slowSearch, duration >= slow {
                log(search, duration, budget.counts, request.catalogue)
            }
        }
        do {
            return try body(budget)
        } catch let error as SearchAborted {
            metrics.record(error)
            throw error
        }
    }

    func budget(of request: STACRequest, maximumItemsDecoded: Int = .max) -> SearchBudget {
        let cancellation = request.cancellation
        return SearchBudget(.init(maximumItemsDecoded: maximumItemsDecoded, isCancelled: { cancellation.isCancelled }))
    }

    private func log(
        _ search: SearchRequest, _ duration: Duration, _ counts: SearchBudget.Counts, _ catalogue: any CatalogueService
    ) {
        let plan = (try? catalogue.explanation(search)) ?? .null
        let collections = search.collections?.prefix(100).joined(separator: ",").prefix(4_096)
        edge.logger.warning(
            "Slow search",
            metadata: [
                "search.shape": "\(search.shape)", "search.duration_ms": .stringConvertible(milliseconds(duration)),
                "search.collections": "\(collections ?? "all")",
                "search.plan": "\(String(decoding: plan.serialized().prefix(4_096), as: UTF8.self))",
                "search.statistics": "\(String(decoding: counts.json.serialized(), as: UTF8.self))",
            ])
    }

    // MARK: Explaining

    /// `GET /search/explain`: runs the same search as `/search`, and returns its plan and statistics instead of the
    /// Items.
    func explainQuery(_ request: STACRequest) throws -> EdgeResponse {
        try explain(SearchParameters(query: try QueryPair.pairs(in: request.query)), request)
    }

    func explainBody(_ request: STACRequest) throws -> EdgeResponse {
        let body = try searchBody(request)
        return try explain(SearchParameters(body: body), self.request(request, withCuratedOf: body))
    }

    private func explain(_ parameters: SearchParameters, _ request: STACRequest) throws -> EdgeResponse {
        let search = try SearchRequest(parameters, pageSize)
        let budget = budget(of: request, maximumItemsDecoded: .max)
        let start = ContinuousClock.now
        let page = try request.catalogue.search(search, budget)
        let duration = ContinuousClock.now - start
        return response(
            request,
            [
                "shape": .string(search.shape), "plan": try request.catalogue.explanation(search),
                "statistics": budget.counts.json, "numberMatched": JSONValue(page.matched),
                "numberReturned": JSONValue(page.items.count), "milliseconds": JSONValue(milliseconds(duration)),
            ])
    }
}

private func milliseconds(_ duration: Duration) -> Double { (duration / .microseconds(1)).rounded() / 1_000 }

extension SearchBudget.Counts {
    fileprivate var json: JSONValue {
        [
            "segments": JSONValue(segments), "segmentsPruned": JSONValue(prunedSegments),
            "rowsInAreas": JSONValue(rowsInAreas), "exactGeometryTests": JSONValue(exactGeometryTests),
            "itemsDecoded": JSONValue(itemsDecoded),
        ]
    }
}

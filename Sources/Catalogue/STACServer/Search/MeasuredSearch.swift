import Catalogue
import HTTPEdge
import JSON
import Logging
import STACAPI

extension STACServer {
    /// A page, within what one search may cost.
    func found(by search: SearchRequest, _ request: STACRequest) throws -> SearchPage {
        try measured(search, request) { try catalogue.search(search, $0) }
    }

    /// Runs, measures and limits a search; one that is slow is logged with its plan.
    func measured<Result>(
        _ search: SearchRequest, _ request: STACRequest, _ body: (SearchEffort) throws -> Result
    ) throws -> Result {
        let effort = effort(of: request, documentCount: configuration.maximumDocumentsPerSearch)
        let start = ContinuousClock.now
        defer {
            let duration = ContinuousClock.now - start
            metrics.note(search.shape, duration, effort.counts)
            if let slow = configuration.slowSearch, duration >= slow { log(search, duration, effort.counts) }
        }
        do {
            return try body(effort)
        } catch let refusal as SearchRefusal {
            metrics.note(refusal)
            throw refusal
        }
    }

    private func effort(of request: STACRequest, documentCount: Int) -> SearchEffort {
        let cancellation = request.cancellation
        return SearchEffort(.init(documentCount: documentCount, isCancelled: { cancellation.isCancelled }))
    }

    private func log(_ search: SearchRequest, _ duration: Duration, _ counts: SearchEffort.Counts) {
        let plan = (try? catalogue.explanation(search)) ?? .null
        edge.logger.warning(
            "Slow search",
            metadata: [
                "search.shape": "\(search.shape)", "search.duration_ms": .stringConvertible(milliseconds(duration)),
                "search.collections": "\(search.collections?.joined(separator: ",") ?? "all")",
                "search.plan": "\(String(decoding: plan.serialized().prefix(4_096), as: UTF8.self))",
                "search.effort": "\(String(decoding: counts.json.serialized(), as: UTF8.self))",
            ])
    }

    // MARK: Explaining

    /// `GET /search/explain`: does what `/search` would do, and says how, instead of what it has found.
    func explainQuery(_ request: STACRequest) throws -> EdgeAnswer {
        try explain(SearchParameters(query: try QueryPair.pairs(in: request.query)), request)
    }

    func explainBody(_ request: STACRequest) throws -> EdgeAnswer {
        guard let body = try JSONValue(parsing: request.body).object else { throw Problem.bodyMustBe("a JSON object") }
        return try explain(SearchParameters(body: body), request)
    }

    private func explain(_ parameters: SearchParameters, _ request: STACRequest) throws -> EdgeAnswer {
        let search = try SearchRequest(parameters, pageSize)
        let effort = effort(of: request, documentCount: .max)
        let start = ContinuousClock.now
        let page = try catalogue.search(search, effort)
        let duration = ContinuousClock.now - start
        return answer(
            request,
            [
                "shape": .string(search.shape), "plan": try catalogue.explanation(search),
                "effort": effort.counts.json, "numberMatched": JSONValue(page.matched),
                "numberReturned": JSONValue(page.items.count), "milliseconds": JSONValue(milliseconds(duration)),
            ])
    }
}

private func milliseconds(_ duration: Duration) -> Double { (duration / .microseconds(1)).rounded() / 1_000 }

extension SearchEffort.Counts {
    fileprivate var json: JSONValue {
        [
            "segments": JSONValue(segments), "segmentsPassedOver": JSONValue(passedSegments),
            "rowsInAreas": JSONValue(rowsInAreas), "outlinesCompared": JSONValue(comparedOutlines),
            "documentsRead": JSONValue(documents),
        ]
    }
}

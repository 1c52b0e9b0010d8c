import Geo
import STACAPI

/// Computes one aggregation, segment by segment.
protocol SegmentAggregator {
    mutating func add(_ rows: MatchingRows)
    /// - Parameter matched: Number of matching Items in all segments.
    /// - Throws: `AggregationError`.
    func result(matched: Int) throws(AggregationError) -> AggregationResult
}

extension Aggregation {
    var aggregator: any SegmentAggregator {
        switch self {
        case .count: CountAggregator()
        case .earliest: ExtremeTimeAggregator(isLatest: false)
        case .latest: ExtremeTimeAggregator(isLatest: true)
        case .collections: CollectionAggregator()
        case .terms(let property): TermAggregator(property)
        case .ranges(let property, let boundaries): RangeAggregator(property, boundaries)
        case .histogram(let property, let interval): HistogramAggregator(self, property, interval)
        case .dates(let property, let interval): DateAggregator(self, property, interval)
        case .cells(let grid): CellAggregator(grid)
        }
    }
}

extension IndexSnapshot {
    /// - Returns: One result per aggregation, in their order.
    /// - Throws: As `search`, and `AggregationError`.
    func aggregate(
        _ request: SearchRequest, _ aggregations: [Aggregation], bodies: BodyReader, _ budget: SearchBudget
    ) throws -> [AggregationResult] {
        try Interruption.when(budget.isCancelled) { try compute(request, aggregations, bodies: bodies, budget) }
    }

    private func compute(
        _ request: SearchRequest, _ aggregations: [Aggregation], bodies: BodyReader, _ budget: SearchBudget
    ) throws -> [AggregationResult] {
        var plan = try SearchPlan(request)
        var aggregators = aggregations.map(\.aggregator)
        var matched = 0
        let collections = collections.selected(request.collections, among: request.visible)
        let segments = collections.flatMap { collection in
            collection.segments.filter { $0.liveCount > 0 }.map { (collection: collection.id, state: $0) }
        }
        try collections.requireSound(plan.meetsTimes)
        plan.findTexts(in: segments.map(\.state.segment), budget)
        try plan.forEachSegment(segments, bodies: bodies, budget) { collection, state, matches in
            let rows = MatchingRows(matches, of: state.segment, collection: collection)
            guard rows.count > 0 else { return }
            matched += rows.count
            for index in aggregators.indices {
                try budget.proceed()
                aggregators[index].add(rows)
            }
        }
        // Some aggregators read columns only now.
        let results = try aggregators.map { aggregator in
            try budget.proceed()
            return try aggregator.result(matched: matched)
        }
        try collections.requireSound(plan.meetsTimes)
        return results
    }
}

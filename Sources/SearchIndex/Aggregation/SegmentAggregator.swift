import STACAPI

/// Works out one aggregation, segment by segment.
protocol SegmentAggregator {
    mutating func add(_ rows: MatchingRows)
    /// - Parameter matched: Items that match in all segments.
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
    /// - Returns: As many results as aggregations, in their order.
    /// - Throws: As `search`, and `AggregationError`.
    func aggregate(
        _ request: SearchRequest, _ aggregations: [Aggregation], bodies: BodyReader, _ effort: SearchEffort
    ) throws -> [AggregationResult] {
        var plan = try SearchPlan(request)
        var aggregators = aggregations.map(\.aggregator)
        var matched = 0
        let collections = collections.values.filter {
            request.collections?.contains(where: $0.id.hasSameBytes) ?? true
        }
        let segments = collections.flatMap { $0.segments.filter { $0.liveCount > 0 }.map(\.segment) }
        plan.findTexts(in: segments, effort)
        plan.prefetchOutlines(of: segments)
        for collection in collections {
            for state in collection.segments where state.liveCount > 0 {
                let matches = try plan.matches(state, collection: collection.id, bodies: bodies, effort)
                let rows = MatchingRows(matches, of: state.segment, collection: collection.id)
                guard rows.count > 0 else { continue }
                matched += rows.count
                for index in aggregators.indices { aggregators[index].add(rows) }
            }
        }
        return try aggregators.map { try $0.result(matched: matched) }
    }
}

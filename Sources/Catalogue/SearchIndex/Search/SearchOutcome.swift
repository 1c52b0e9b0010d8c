import Geo
import ItemFilter
import JSON
public import STACAPI
import Temporal

/// A page of a search: the sequences of its Items, and the total number of matches.
public struct SearchOutcome: Sendable {
    public struct Hit: Sendable, Hashable {
        public let collection: String
        public let id: String
        public let sequence: Int64
    }

    /// In the order of the request.
    public let hits: [Hit]
    /// Items that match, on all pages.
    public let matched: Int
    /// Start of the next page; `nil` on the last.
    public let next: SearchCursor?
    /// End of the previous page; `nil` on the first.
    public let previous: SearchCursor?
}

extension IndexSnapshot {
    /// - Parameter bodies: Reads Items for the parts of a filter that columns cannot decide.
    /// - Throws: `CQL2Error` or `GeoError` for a request that cannot be evaluated; `SearchAborted`; what `bodies` throws.
    func search(_ request: SearchRequest, bodies: BodyReader, _ budget: SearchBudget) throws -> SearchOutcome {
        try Interruption.when(budget.isCancelled) { try find(request, bodies: bodies, budget) }
    }

    private func find(_ request: SearchRequest, bodies: BodyReader, _ budget: SearchBudget) throws -> SearchOutcome {
        var plan = try SearchPlan(request)
        let keys = SortKey.effective(request.sortBy)
        var order = RowOrder(keys, isBackward: request.cursor?.direction == .backward)
        var first = TopRows(capacity: request.limit + 1)
        var matched = 0
        var owners: [(collection: String, segment: Segment)] = []
        let collections = collections.selected(request.collections, among: request.visible)
        try collections.requireSound(plan.meetsTimes)
        let segments = Self.segments(of: collections, order)
        plan.findTexts(in: segments.map(\.state.segment), budget)
        try plan.forEachSegment(segments, bodies: bodies, budget) { collection, state, matches in
            let count: Int
            switch matches {
            case .all: count = state.segment.rowCount
            case .rows(let rows): count = rows.population
            }
            matched += count
            guard count > 0, request.limit > 0 else { return }
            let values = try order.nestedValues(of: state, matches, count, bodies, budget)
            let number = order.add(state.segment, collection: collection, values: values)
            owners.append((collection, state.segment))
            if first.isFull, order.isTimeOrder, let last = first.last {
                let best = order.isDescendingTime ? state.segment.lastTime : state.segment.firstTime
                let coarse = order.coarse(.timestamp(.init(microseconds: best)))
                if coarse > last.coarse { return }
            }
            state.segment.offer(matches, count, number, order, request.cursor?.values, to: &first)
        }
        let outcome = outcome(first.sorted(order), order, owners, matched, request)
        try collections.requireSound(plan.meetsTimes)
        return outcome
    }

    private func outcome(
        _ sorted: [RowCandidate], _ order: RowOrder, _ owners: [(collection: String, segment: Segment)], _ matched: Int,
        _ request: SearchRequest
    ) -> SearchOutcome {
        let hasMore = request.limit > 0 && sorted.count > request.limit
        var page = Array(sorted.prefix(request.limit))
        if order.isBackward { page.reverse() }
        let hits = page.map { candidate in
            let owner = owners[candidate.segment]
            return SearchOutcome.Hit(
                collection: owner.collection, id: owner.segment.id(candidate.row),
                sequence: owner.segment.sequences[candidate.row])
        }
        let hasNext = order.isBackward ? true : hasMore
        let hasPrevious = order.isBackward ? hasMore : request.cursor != nil
        return SearchOutcome(
            hits: hits, matched: matched,
            next: hasNext ? page.last.map { SearchCursor(.forward, order.values($0)) } : nil,
            previous: hasPrevious ? page.first.map { SearchCursor(.backward, order.values($0)) } : nil)
    }

    /// The segments to search, most likely sources of the first Items first.
    private static func segments(
        of collections: [CollectionSegments], _ order: RowOrder
    ) -> [(collection: String, state: SegmentState)] {
        var selected: [(collection: String, state: SegmentState)] = []
        for collection in collections {
            for state in collection.segments where state.liveCount > 0 { selected.append((collection.id, state)) }
        }
        if order.isTimeOrder {
            selected.sort { left, right in
                order.isDescendingTime
                    ? left.state.segment.lastTime > right.state.segment.lastTime
                    : left.state.segment.firstTime < right.state.segment.firstTime
            }
        }
        return selected
    }
}

extension RowOrder {
    /// The values of sort keys that lead into objects, which are read from all Items that match.
    ///
    /// - Returns: By key and row.
    /// - Throws: `SearchAborted`; what `bodies` throws.
    fileprivate func nestedValues(
        of state: SegmentState, _ matches: SearchPlan.Matches, _ count: Int, _ bodies: BodyReader,
        _ budget: SearchBudget
    ) throws -> [Int: [Int: SortValue]] {
        let nested = nestedKeys(in: state.segment)
        guard !nested.isEmpty else { return [:] }
        // Each of the keys takes memory for each of the Items.
        try budget.willDecode(itemCount: count * nested.count)
        var rows: [Int] = []
        switch matches {
        case .all: rows = Array(0..<state.segment.rowCount)
        case .rows(let matching): matching.forEach { rows.append($0) }
        }
        var values = Dictionary(uniqueKeysWithValues: nested.map { ($0, [Int: SortValue]()) })
        try bodies(rows.map { state.segment.sequences[$0] }) { index, item in
            try budget.proceed(at: index)
            guard let properties = item.member("properties") else { return }
            for key in nested {
                let name = PropertyName.normalized(keys[key].property)
                values[key]?[rows[index]] = SortValue(PropertyName.find(name[...], in: properties))
            }
        }
        return values
    }
}

extension Segment {
    /// Offers the rows that match and come after the cursor.
    fileprivate func offer(
        _ matches: SearchPlan.Matches, _ count: Int, _ number: Int, _ order: RowOrder, _ cursor: [SortValue]?,
        to first: inout TopRows
    ) {
        // Traversal in time order ends early, but visits rows that do not match; iterating over the matches does not.
        if order.isTimeOrder, isWalkCheaper(count) {
            offerInTimeOrder(matches, number, order, cursor, to: &first)
            return
        }
        let offerRow = { (row: Int, first: inout TopRows) in
            let candidate = order.candidate(number, row)
            if let last = first.last, first.isFull, candidate.coarse > last.coarse { return }
            if let cursor, !order.follows(cursor, candidate) { return }
            _ = first.offer(candidate, order)
        }
        var rows: Bitmap
        switch matches {
        case .all: rows = Bitmap(count: rowCount, filled: true)
        case .rows(let matching): rows = matching
        }
        // The first rows set a bar; it prunes most of the others at once.
        let start = min(rowCount, Self.rowsBeforeBar)
        order.keepCandidates(before: first, of: number, in: &rows)
        rows.forEach(in: 0..<start) { offerRow($0, &first) }
        guard start < rowCount else { return }
        order.keepCandidates(before: first, of: number, in: &rows)
        rows.forEach(in: start..<rowCount) { offerRow($0, &first) }
    }

    /// A multiple of 64.
    private static let rowsBeforeBar = 4_096

    private func isWalkCheaper(_ count: Int) -> Bool { count > 256 && count * 64 > rowCount }

    private func offerInTimeOrder(
        _ matches: SearchPlan.Matches, _ number: Int, _ order: RowOrder, _ cursor: [SortValue]?,
        to first: inout TopRows
    ) {
        let isDescending = order.isDescendingTime
        let timeOrder = timeOrder
        var rank = isDescending ? rowCount - 1 : 0
        if let cursor, case .timestamp(let time) = cursor[0], case .string(let id) = cursor[1] {
            // Starts slightly before the cursor; rows that do not come after it are skipped below.
            let place = timeRank(time: time.microseconds, id: id)
            rank = isDescending ? min(place, rowCount - 1) : place
        }
        while rank >= 0, rank < rowCount {
            let row = Int(timeOrder[rank])
            rank += isDescending ? -1 : 1
            if case .rows(let rows) = matches, !rows[row] { continue }
            let candidate = order.candidate(number, row)
            if let cursor, !order.follows(cursor, candidate) { continue }
            // Later rows in this order are not among the first either.
            guard first.offer(candidate, order) else { return }
        }
    }
}

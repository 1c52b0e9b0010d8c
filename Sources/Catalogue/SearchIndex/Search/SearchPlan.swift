import CQL2
import Geo
import ItemFilter
public import JSON
import STACAPI
import Temporal

/// Reads the bodies of Items by their sequences; bodies that no longer exist are skipped.
public typealias BodyReader = (_ sequences: [Int64], _ body: (_ index: Int, _ item: JSONElement) throws -> Void) throws
    -> Void

/// A request compiled for segments. Serves one search on one thread.
struct SearchPlan {
    let request: SearchRequest
    /// The remaining filter, in addition to the request's own conditions and `areas`.
    let filter: FilterPlan.Node?
    /// Items must intersect all of them.
    let areas: [SearchArea]
    /// The whole filter, for Items' bodies.
    private let compiledFilter: CompiledExpression?
    /// Rows of segments that match the request's text, as far as they have been searched in advance.
    private var rowsWithText: [ObjectIdentifier: Bitmap] = [:]

    /// - Throws: `CQL2Error`, `GeoError` for an unusable filter or area.
    init(_ request: SearchRequest) throws {
        self.request = request
        let plan = try request.filter.map { try FilterPlan($0) }
        filter = plan?.root
        compiledFilter = request.filter.map { CompiledExpression($0) }
        areas = (request.area.map { [SearchArea($0)] } ?? []) + (plan?.areas ?? [])
    }

    /// The matching rows of a segment.
    enum Matches {
        case all
        case rows(Bitmap)
    }

    /// Calls `body` with the matching rows of each segment.
    ///
    /// Boxes and columns of several segments are evaluated first. The geometries needed for exact tests are then
    /// prefetched together, since with a cold page cache each would be waited for alone. Exact tests come last.
    ///
    /// - Throws: `SearchAborted`; what `bodies` and `body` throw; `CQL2Error`.
    func forEachSegment(
        _ segments: [(collection: String, state: SegmentState)], bodies: BodyReader, _ budget: SearchBudget,
        _ body: (_ collection: String, _ state: SegmentState, _ matches: Matches) throws -> Void
    ) throws {
        var first = 0
        while first < segments.count {
            let batch = segments[first..<min(first + Self.segmentsAtOnce, segments.count)]
            let narrowed = try batch.map { try narrow($0.state, collection: $0.collection, budget) }
            if batch.count > 1 {
                for (owner, rows) in zip(batch, narrowed) { prefetchGeometries(of: rows, in: owner.state.segment) }
            }
            for (owner, rows) in zip(batch, narrowed) {
                try budget.proceed()
                let matches = try testGeometries(rows, of: owner.state.segment, bodies, budget)
                try body(owner.collection, owner.state, matches)
            }
            first = batch.endIndex
        }
        // The results of work that was interrupted are wrong.
        try budget.proceed()
    }

    /// Limits the memory for undecided rows of one search: 2 MB with full segments.
    private static let segmentsAtOnce = 32

    /// The result of testing a segment's boxes and columns.
    private enum Narrowed {
        case decided(Matches)
        /// - Parameters:
        ///   - undecided: For each area the rows whose boxes do not decide whether they intersect it.
        ///   - open: The rows whose columns do not decide whether they meet the filter.
        case undecided(rows: Bitmap, undecided: [Bitmap], open: Bitmap?)
    }

    /// Evaluates boxes and columns only.
    private func narrow(_ state: SegmentState, collection: String, _ budget: SearchBudget) throws -> Narrowed {
        try budget.beginSegment()
        let segment = state.segment
        /// The result for a pruned segment.
        var none: Narrowed {
            budget.pruneSegment()
            return .decided(.rows(Bitmap(count: segment.rowCount)))
        }
        guard meetsTimes(segment) else { return none }
        let hasCondition =
            request.datetime != nil || request.ids != nil || !areas.isEmpty || filter != nil
            || request.elevation != nil || request.text != nil
        guard hasCondition else { return .decided(state.live.map(Matches.rows) ?? .all) }

        if let filter, !segment.mayMatch(filter) { return none }
        var rows = state.live ?? Bitmap(count: segment.rowCount, filled: true)
        if let ids = request.ids {
            var found = Bitmap(count: segment.rowCount)
            for (number, id) in ids.enumerated() {
                try budget.proceed(at: number)
                for row in segment.rows(ofID: id) { found[row] = true }
            }
            rows.formIntersection(found)
        }
        if let text = request.text {
            let found = rowsWithText[ObjectIdentifier(segment)] ?? segment.rows(matching: text)
            if found.isEmpty { return none }
            rows.formIntersection(found)
        }
        var undecided: [Bitmap] = []
        for area in areas {
            var candidates = segment.candidates(for: area)
            candidates.inside.formUnion(candidates.undecided)
            rows.formIntersection(candidates.inside)
            undecided.append(candidates.undecided)
        }
        if !areas.isEmpty { budget.record(rowsInAreas: rows.population) }
        if let datetime = request.datetime { keep(datetime, segment, &rows) }
        if rows.isEmpty { return .decided(.rows(rows)) }
        var open: Bitmap?
        if let filter {
            let result = try segment.evaluate(filter, on: rows, collection: collection, budget)
            rows = result.possible
            open = result.open
        }
        for index in undecided.indices { undecided[index].formIntersection(rows) }
        if request.elevation != nil { open = rows }
        return .undecided(rows: rows, undecided: undecided, open: open)
    }

    private func prefetchGeometries(of narrowed: Narrowed, in segment: Segment) {
        guard case .undecided(_, let undecided, _) = narrowed else { return }
        for rows in undecided { segment.prefetchGeometries(rows) }
    }

    /// Decides the rows that boxes and columns left open: first by geometries, then by Items' bodies.
    private func testGeometries(
        _ narrowed: Narrowed, of segment: Segment, _ bodies: BodyReader, _ budget: SearchBudget
    ) throws -> Matches {
        switch narrowed {
        case .decided(let matches): return matches
        case .undecided(var rows, let undecided, var open):
            for (area, undecided) in zip(areas, undecided) {
                var left = undecided
                left.formIntersection(rows)
                if left.isEmpty { continue }
                budget.record(exactGeometryTests: left.population)
                rows.subtract(left)
                rows.formUnion(segment.rows(left, intersecting: area))
            }
            open?.formIntersection(rows)
            if let open, !open.isEmpty { try decide(open, of: segment, &rows, bodies, budget) }
            return .rows(rows)
        }
    }

    /// Whether rows of a segment may lie in the requested time.
    func meetsTimes(_ segment: Segment) -> Bool {
        guard let datetime = request.datetime else { return true }
        return datetime.end.map { segment.firstStart <= $0.microseconds } ?? true
            && datetime.start.map { segment.lastEnd >= $0.microseconds } ?? true
    }

    /// Searches the request's text in several segments in parallel: words that occur in half of the Items take as long
    /// as everything else together.
    mutating func findTexts(in segments: [Segment], _ budget: SearchBudget, _ processors: SpareCores = .shared) {
        guard let text = request.text else { return }
        let wanted = segments.filter { meetsTimes($0) && $0.text != nil }
        guard wanted.count > 1 else { return }
        let isCancelled = budget.isCancelled
        let workers = processors.run(parts: wanted.count) {
            [ObjectIdentifier: Bitmap]()
        } body: { found, part in
            if !isCancelled() { found[ObjectIdentifier(wanted[part])] = wanted[part].rows(matching: text) }
        }
        for found in workers { rowsWithText.merge(found) { $1 } }
    }

    private func keep(_ datetime: DateTimeInterval, _ segment: Segment, _ rows: inout Bitmap) {
        // No start is later than the latest end, and no end earlier than the earliest start.
        if let end = datetime.end?.microseconds, segment.lastEnd > end {
            let starts = segment.starts
            keepRows(&rows) { starts[$0] <= end }
        }
        if let start = datetime.start?.microseconds, segment.firstStart < start {
            let ends = segment.ends
            keepRows(&rows) { ends[$0] >= start }
        }
    }

    /// Reads the Items' bodies where columns could not decide.
    private func decide(
        _ open: Bitmap, of segment: Segment, _ rows: inout Bitmap, _ bodies: BodyReader, _ budget: SearchBudget
    ) throws {
        try budget.willDecode(itemCount: open.population)
        var openRows: [Int] = []
        open.forEach { openRows.append($0) }
        var accepted = Bitmap(count: rows.count)
        try bodies(openRows.map { segment.sequences[$0] }) { index, item in
            try budget.proceed(at: index)
            let isWanted = try compiledFilter.map { try $0.evaluate(ItemPropertyLookup(item)) == true } ?? true
            if isWanted, meetsElevation(item) { accepted[openRows[index]] = true }
        }
        rows.subtract(open)
        rows.formUnion(accepted)
    }

    private func meetsElevation(_ item: JSONElement) -> Bool {
        guard let wanted = request.elevation else { return true }
        let box = item.member("bbox")?.elements.compactMap(\.double) ?? []
        let range = box.count == 6 ? min(box[2], box[5])...max(box[2], box[5]) : 0...0
        return range.overlaps(wanted)
    }
}

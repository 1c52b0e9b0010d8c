import CQL2
import Geo
import JSON
import STACAPI
import Temporal

/// A search among Collections, by linear scan. Serves one search on one thread.
struct CollectionSearch {
    private let request: SearchRequest
    private let keys: [SortKey]
    private let area: PreparedGeometry?
    /// The properties used by the filter and the order.
    private let names: Set<String>
    private let ids: Set<String>?
    private let filter: CompiledExpression?
    private let budget: SearchBudget

    /// - Throws: `CQL2Error` for a filter that cannot be evaluated.
    init(_ request: SearchRequest, _ budget: SearchBudget) throws {
        self.request = request
        self.budget = budget
        try request.filter?.validate()
        filter = request.filter.map { CompiledExpression($0) }
        ids = request.ids.map { Set($0) }
        keys = SortKey.effective(request.sortBy)
        area = request.area.map { PreparedGeometry($0) }
        var names = Set(keys.map(\.property))
        request.filter?.forEachOperand { operand in
            if case .property(let name) = operand { names.insert(name) }
        }
        self.names = names
    }

    private struct Candidate {
        let entry: CollectionEntry
        /// Values of the sort keys.
        let values: [SortValue]
    }

    /// - Parameter entries: By id.
    ///
    /// - Throws: `SearchAborted.cancelled`; `CQL2Error`.
    func page(of entries: [CollectionEntry]) throws -> CollectionPage {
        let reader = JSONReader(.rfc8259)
        var candidates: [Candidate] = []
        for entry in entries {
            try budget.proceed()
            guard meetsExtent(entry), meetsText(entry), let candidate = try candidate(entry, reader) else { continue }
            candidates.append(candidate)
        }
        try budget.proceed()
        if !isByID { candidates.sort { precedes($0.values, $1.values) } }
        return page(of: candidates)
    }

    private func meetsExtent(_ entry: CollectionEntry) -> Bool {
        if let ids, !ids.contains(entry.stored.id) { return false }
        if let datetime = request.datetime, !entry.intersects(datetime) { return false }
        if let area, !entry.intersects(area) { return false }
        return request.elevation.map { entry.reaches($0) } ?? true
    }

    private func meetsText(_ entry: CollectionEntry) -> Bool {
        request.text.map { $0.matches(entry.document) } ?? true
    }

    private var isByID: Bool { keys[0] == SortKey("id") }

    /// - Returns: `nil` for a Collection for which the filter is not true.
    private func candidate(_ entry: CollectionEntry, _ reader: JSONReader) throws -> Candidate? {
        guard request.filter != nil || !isByID else {
            let values: [SortValue] = keys.map { $0.property == "id" ? .string(entry.stored.id) : .missing }
            return Candidate(entry: entry, values: values)
        }
        if names.allSatisfy({ CollectionPropertyLookup.isAnswered($0, for: entry) }) {
            return try candidate(CollectionPropertyLookup(entry: entry, collection: nil))
        }
        return try reader.read(entry.stored.body) { collection in
            try candidate(CollectionPropertyLookup(entry: entry, collection: collection))
        }
    }

    private func candidate(_ lookup: CollectionPropertyLookup) throws -> Candidate? {
        if let filter, try filter.evaluate(lookup) != true { return nil }
        // Ids are unique: later keys never decide.
        let values = keys.map { $0.property == "collection" ? .missing : lookup.sortValue(of: $0.property) }
        return Candidate(entry: lookup.entry, values: values)
    }

    private func precedes(_ left: [SortValue], _ right: [SortValue]) -> Bool {
        for (index, key) in keys.enumerated() {
            if let result = left[index].precedes(right[index], key.direction) { return result }
        }
        return false
    }

    private func page(of candidates: [Candidate]) -> CollectionPage {
        var range: Range<Int>
        switch request.cursor {
        case nil: range = 0..<min(request.limit, candidates.count)
        case let cursor?:
            switch cursor.direction {
            case .forward:
                let start = firstIndex(candidates) { precedes(cursor.values, $0.values) }
                range = start..<min(start + request.limit, candidates.count)
            case .backward:
                let end = firstIndex(candidates) { !precedes($0.values, cursor.values) }
                range = max(0, end - request.limit)..<end
            }
        }
        let page = candidates[range]
        return CollectionPage(
            collections: page.map(\.entry.stored), matched: candidates.count,
            next: range.upperBound < candidates.count ? page.last.map { SearchCursor(.forward, $0.values) } : nil,
            previous: range.lowerBound > 0 ? page.first.map { SearchCursor(.backward, $0.values) } : nil)
    }

    /// The first of sorted candidates that satisfies a condition which also holds for all later ones.
    private func firstIndex(_ candidates: [Candidate], where holds: (Candidate) -> Bool) -> Int {
        var (low, high) = (0, candidates.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(candidates[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

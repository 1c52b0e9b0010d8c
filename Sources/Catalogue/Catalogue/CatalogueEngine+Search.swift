public import JSON
public import STACAPI
import SearchIndex
import Temporal

extension CatalogueEngine: CatalogueService {
    /// - Throws: `CQL2Error` or `GeoError` for a filter or an area that cannot be evaluated; `SearchAborted`;
    ///   `CatalogueError`.
    public func search(_ request: SearchRequest, _ budget: SearchBudget) throws -> SearchPage {
        for _ in 1..<Self.searchAttempts {
            let (page, missing) = try withIndex { try search(request, budget, in: $0) }
            if missing.isEmpty { return page }
            // Items were replaced and purged between reading the index and reading the store.
            try catchUp()
        }
        var (page, missing) = try withIndex { try search(request, budget, in: $0) }
        for (name, sequence) in missing {
            damage.record(name, sequence, CatalogueError(.storeDamaged, "The store has lost the Item."))
            page.damaged.append(name)
        }
        return page
    }

    private static let searchAttempts = 3

    /// - Returns: A page, and the Items named by the index that the store does not have.
    private func search(
        _ request: SearchRequest, _ budget: SearchBudget, in index: ItemIndex
    ) throws -> (page: SearchPage, missing: [(ItemName, SequenceNumber)]) {
        // Items of which the filter cannot be decided.
        var undecided: [SequenceNumber] = []
        let outcome = try index.search(request, budget) { try readBodies($0, $1, undecided: &undecided) }
        let found = try items(outcome.hits.map { ($0.id, $0.collection, $0.sequence) }, budget)
        let page = SearchPage(
            items: found.items, matched: outcome.matched, next: outcome.next, previous: outcome.previous,
            damaged: found.damaged + names(of: undecided, in: index))
        guard found.items.count + found.damaged.count < outcome.hits.count else { return (page, []) }
        let present = Set(found.items.map { ItemName(collection: $0.collection, id: $0.id) } + found.damaged)
        let missing = outcome.hits.map { (ItemName(collection: $0.collection, id: $0.id), $0.sequence) }
        return (page, missing.filter { !present.contains($0.0) })
    }

    private func names(of sequences: [SequenceNumber], in index: ItemIndex) -> [ItemName] {
        guard !sequences.isEmpty else { return [] }
        let names = index.names(of: sequences)
        return sequences.compactMap { sequence in
            guard let name = names[sequence].map({ ItemName(collection: $0.collection, id: $0.id) }) else { return nil }
            damage.record(name, sequence, CatalogueError(.storeDamaged, "The Item cannot be unpacked."))
            return name
        }
    }

    private func readBodies(
        _ sequences: [SequenceNumber], _ body: (Int, JSONElement) throws -> Void, undecided: inout [SequenceNumber]
    ) throws {
        try codec.withUnpacker { unpacker in
            var read = 0
            try store.withBodies(sequences) { position, stored in
                // Those that the store does not find are lost, or have just been replaced and purged.
                undecided += sequences[read..<position]
                read = position + 1
                do {
                    try unpacker.withItem(of: stored) { try body(position, $0) }
                } catch let error as CatalogueError where error.code == .storeDamaged {
                    undecided.append(sequences[position])
                }
            }
            undecided += sequences[read...]
        }
    }

    /// - Throws: As `search`, and `AggregationError`.
    public func aggregate(
        _ request: SearchRequest, _ aggregations: [Aggregation], _ budget: SearchBudget
    ) throws -> [AggregationResult] {
        try withIndex { index in
            var undecided: [SequenceNumber] = []
            let results = try index.aggregate(request, aggregations, budget) {
                try readBodies($0, $1, undecided: &undecided)
            }
            // Numbers that leave out Items would be wrong.
            let damaged = names(of: undecided, in: index)
            guard damaged.isEmpty else { throw CatalogueError.damaged(damaged) }
            return results
        }
    }

    /// - Throws: As `search`.
    public func explanation(_ request: SearchRequest) throws -> JSONValue { try requireIndex().explanation(request) }

    public func view(_ visibility: Visibility) -> any CatalogueService {
        visibility == .everything ? self : CatalogueView(engine: self, visibility: visibility)
    }

    public func queryables(collection: String?) throws -> [PropertyProfile] {
        try queryables(collection: collection, among: .all)
    }

    /// - Parameter visible: The Collections that exist for the caller.
    func queryables(collection: String?, among visible: CollectionSet) throws -> [PropertyProfile] {
        try withIndex { index in
            let summary =
                if let collection {
                    try index.summary(of: try requireCollection(collection).number).summary
                } else {
                    try index.summary(among: visible)
                }
            return summary.properties.map(PropertyProfile.init)
        }
    }

    public func values(ofProperties names: [String], in collections: [String]?) throws -> [PropertyValues]? {
        try values(ofProperties: names, in: collections, among: .all)
    }

    func values(
        ofProperties names: [String], in collections: [String]?, among visible: CollectionSet
    ) throws -> [PropertyValues]? {
        index?.values(ofProperties: names, in: collections, among: visible)
    }

    /// Counts Items in the index; in the store where there is none or parts are damaged, which takes about a second for ten
    /// million Items.
    public func status() throws -> CatalogueStatus {
        CatalogueStatus(
            collections: try collectionStatuses(), lastSequence: try store.lastSequence(),
            indexedSequence: index?.appliedSequence ?? 0, byteCount: try byteCount(),
            index: index.map { .init($0.statistics) }, damagedRowCount: damage.rowCount,
            damagedFileCount: damage.fileCount, missingItemCount: try missingItemCount())
    }

    /// Items that are stored but not in the index, since they could not be read when it was built; 0 while it follows.
    private func missingItemCount() throws -> Int {
        guard let index, try store.lastSequence() == index.appliedSequence, !needsRepair else { return 0 }
        return try store.itemCounts().reduce(0) { $0 + max(0, $1.value - index.count(collection: $1.key)) }
    }

    private func collectionStatuses() throws -> [CatalogueStatus.CollectionStatus] {
        guard let index, index.appliedSequence > 0, !needsRepair else {
            return try store.statistics().collections.map { .init(id: $0.id, itemCount: $0.itemCount) }
        }
        return try store.collections().map { .init(id: $0.id, itemCount: index.count(collection: $0.number)) }
    }
}

extension PropertyProfile {
    init(_ column: ColumnProfile) {
        var types: Set<ValueType> = []
        for type in column.types {
            switch type {
            case .number: types.insert(.number)
            case .integer: types.insert(.integer)
            case .timestamp: types.insert(.timestamp)
            case .string: types.insert(.string)
            case .boolean: types.insert(.bool)
            case .structured: types.formUnion([.array, .object])
            }
        }
        if types.contains(.number) { types.remove(.integer) }
        let isNumeric = types.isSubset(of: [.number, .integer])
        let range: (JSONValue, JSONValue)? =
            if isNumeric, let numbers = column.numbers {
                (JSONValue(numbers.lowerBound), JSONValue(numbers.upperBound))
            } else if types == [.timestamp], let times = column.timestamps {
                (JSONValue(times.lowerBound.description), JSONValue(times.upperBound.description))
            } else {
                nil
            }
        self.init(
            name: column.name, types: types, minimum: range?.0, maximum: range?.1,
            values: types == [.string] ? column.strings?.map { JSONValue($0) } : nil)
    }
}

extension CatalogueStatus.IndexSummary {
    fileprivate init(_ statistics: IndexStatistics) {
        func sum(_ value: (IndexStatistics.Collection) -> Int) -> Int {
            statistics.collections.reduce(0) { $0 + value($1) }
        }
        segmentCount = sum(\.segments)
        deadRowCount = sum(\.deadRows)
        fileByteCount = sum(\.fileBytes)
        memoryByteCount = sum(\.memoryBytes)
    }
}

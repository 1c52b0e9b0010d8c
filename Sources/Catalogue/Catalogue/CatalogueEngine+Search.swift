public import JSON
public import STACAPI
import SearchIndex
import Temporal

extension CatalogueEngine: CatalogueService {
    /// - Throws: `CQL2Error` or `GeoError` for a filter or an area that cannot be evaluated; `SearchAborted`;
    ///   `CatalogueError`.
    public func search(_ request: SearchRequest, _ budget: SearchBudget) throws -> SearchPage {
        let index = try requireIndex()
        for _ in 1..<Self.searchAttempts {
            let (page, isComplete) = try search(request, budget, in: index)
            if isComplete { return page }
            // Items were replaced and purged between reading the index and reading the store.
            try catchUp()
        }
        return try search(request, budget, in: index).page
    }

    private static let searchAttempts = 3

    /// - Returns: A page, and whether the store had all Items named by the index.
    private func search(
        _ request: SearchRequest, _ budget: SearchBudget, in index: ItemIndex
    ) throws -> (page: SearchPage, isComplete: Bool) {
        let outcome = try index.search(request, budget, bodies: readBodies)
        let page = SearchPage(
            items: try items(outcome.hits.map { ($0.id, $0.collection, $0.sequence) }, budget),
            matched: outcome.matched,
            next: outcome.next, previous: outcome.previous)
        return (page, page.items.count == outcome.hits.count)
    }

    private func readBodies(_ sequences: [SequenceNumber], _ body: (Int, JSONElement) throws -> Void) throws {
        try codec.withUnpacker { unpacker in
            try store.withBodies(sequences) { position, stored in
                try unpacker.withItem(of: stored) { try body(position, $0) }
            }
        }
    }

    /// - Throws: As `search`, and `AggregationError`.
    public func aggregate(
        _ request: SearchRequest, _ aggregations: [Aggregation], _ budget: SearchBudget
    ) throws -> [AggregationResult] {
        try requireIndex().aggregate(request, aggregations, budget, bodies: readBodies)
    }

    /// - Throws: As `search`.
    public func explanation(_ request: SearchRequest) throws -> JSONValue { try requireIndex().explanation(request) }

    public func view(_ visibility: Visibility) -> any CatalogueService {
        visibility == .everything ? self : CatalogueView(engine: self, visibility: visibility)
    }

    public func queryables(collection: String?) throws -> [PropertyProfile] {
        try queryables(collection: collection, among: nil)
    }

    /// - Parameter readable: Ids of the Collections that the caller may see; `nil`: all.
    func queryables(collection: String?, among readable: Set<String>?) throws -> [PropertyProfile] {
        let index = try requireIndex()
        var summary = CollectionSummary()
        if let collection {
            summary = index.summary(of: try requireCollection(collection).number).summary
        } else if let readable {
            for collection in try collections() where readable.contains(collection.id) {
                summary.formUnion(index.summary(of: collection.number).summary)
            }
        } else {
            summary = index.summary()
        }
        return summary.properties.map(PropertyProfile.init)
    }

    public func values(ofProperty name: String, in collections: [String]?) throws -> PropertyValues? {
        guard let index else { return nil }
        return switch index.values(ofProperty: name, in: collections) {
        case .none: PropertyValues.none
        case .structured: .structured
        case .scalar: .scalar
        }
    }

    /// Counts Items in the index; in the store if another process owns the index, which takes about a second for ten
    /// million Items.
    public func status() throws -> CatalogueStatus {
        CatalogueStatus(
            collections: try collectionStatuses(), lastSequence: try store.lastSequence(),
            indexedSequence: index?.appliedSequence ?? 0, byteCount: try byteCount(),
            index: index.map { .init($0.statistics) })
    }

    private func collectionStatuses() throws -> [CatalogueStatus.CollectionStatus] {
        guard let index else {
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

import JSON
public import STACAPI
import SearchIndex
import Temporal

extension CatalogueEngine: CatalogueService {
    /// - Throws: `CQL2Error` or `GeoError` for a filter or an area that cannot be evaluated; `CatalogueError`.
    public func search(_ request: SearchRequest) throws -> SearchPage {
        let index = try requireIndex()
        let outcome = try index.search(request) { sequences, body in
            try codec.withUnpacker { unpacker in
                try store.withBodies(sequences) { position, stored in
                    try unpacker.withItem(of: stored) { try body(position, $0) }
                }
            }
        }
        return SearchPage(
            items: try items(outcome.hits.map { ($0.id, $0.collection, $0.sequence) }), matched: outcome.matched,
            next: outcome.next, previous: outcome.previous)
    }

    public func queryables(collection: String?) throws -> [PropertyProfile] {
        let index = try requireIndex()
        let numbers = try collection.map { [try requireCollection($0).number] }
        return index.properties(of: numbers).map(PropertyProfile.init)
    }

    public func status() throws -> CatalogueStatus {
        let counts = index?.statistics
        let stored = try store.collections()
        return CatalogueStatus(
            collections: stored.map { collection in
                CatalogueStatus.CollectionStatus(
                    id: collection.id, itemCount: index?.count(collection: collection.number) ?? 0)
            },
            lastSequence: try store.lastSequence(), indexedSequence: counts?.appliedSequence ?? 0,
            byteCount: byteCount())
    }
}

extension PropertyProfile {
    fileprivate init(_ column: ColumnProfile) {
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

import SearchIndex
public import Temporal

extension CatalogueEngine {
    public func itemTimes(in collection: String) throws -> ClosedRange<Timestamp>? {
        let number = try requireCollection(collection).number
        return try withIndex { try $0.times(collection: number) }.map {
            Timestamp(microseconds: $0.lowerBound)...Timestamp(microseconds: $0.upperBound)
        }
    }

    public func itemCounts(in collection: String, between bounds: [Timestamp]) throws -> [Int] {
        let number = try requireCollection(collection).number
        return try withIndex { try $0.itemCounts(collection: number, between: bounds.map(\.microseconds)) }
    }

    public func itemIDs(
        in collection: String, from first: (time: Timestamp, id: String), before end: Timestamp, limit: Int
    ) throws -> [(time: Timestamp, id: String)] {
        let number = try requireCollection(collection).number
        let items = try withIndex {
            try $0.items(
                collection: number, from: (first.time.microseconds, first.id), before: end.microseconds, limit: limit)
        }
        return items.map { (Timestamp(microseconds: $0.time), $0.id) }
    }
}

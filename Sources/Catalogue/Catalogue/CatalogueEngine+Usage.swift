import STACAPI
import SearchIndex

extension CatalogueEngine {
    public func usage(of owner: String) throws -> OwnerUsage {
        var usage = OwnerUsage(collections: try collectionCache.count(of: owner, in: store))
        for (number, count) in try counts(of: .owned(by: [owner])) {
            usage.items += count
            usage.bytes += try sizes.bytes(of: number, count: count) {
                try store.itemSizes(in: number, atMost: CollectionSizes.measuredCount)
            }
        }
        return usage
    }

    /// Numbers of Items of the Collections in a set.
    private func counts(of collections: CollectionSet) throws -> [CollectionNumber: Int] {
        if let index { return index.counts(of: collections) }
        let numbers = Set(
            try collectionCache.collections(of: store).filter { collections.contains($0.id) }.map(\.number))
        return try store.itemCounts().filter { numbers.contains($0.key) }
    }
}

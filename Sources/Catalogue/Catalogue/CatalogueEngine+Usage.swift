import STACAPI
import SearchIndex

extension CatalogueEngine {
    public func usage(of owner: String) throws -> OwnerUsage {
        let owned = CollectionSet.owned(by: [owner])
        let collections = try collectionCache.collections(of: store).filter { owned.contains($0.id) }
        let counts: [CollectionNumber: Int] = try index?.counts(of: owned) ?? store.itemCounts()
        var usage = OwnerUsage(collections: collections.count)
        for collection in collections {
            let count = counts[collection.number] ?? 0
            usage.items += count
            usage.bytes += try sizes.bytes(of: collection.number, count: count) {
                try store.itemSizes(in: collection.number, atMost: CollectionSizes.measuredCount)
            }
        }
        return usage
    }
}

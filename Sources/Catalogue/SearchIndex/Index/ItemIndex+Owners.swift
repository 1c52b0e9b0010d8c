public import STACAPI

extension ItemIndex {
    /// Numbers of Items of the Collections in a set, by the store's numbers; those without Items are left out.
    ///
    /// - Complexity: O(*n*) in the number of the set's Collections.
    public func counts(of collections: CollectionSet) -> [Int64: Int] {
        let found = snapshot.collections.selected(nil, among: collections)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.number, $0.count) })
    }
}

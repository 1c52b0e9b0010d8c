import STACAPI

/// The collections of a snapshot. Those that a search may use are found without a look at the others.
struct CollectionTable: Sendable {
    private var byNumber: [Int64: CollectionSegments] = [:]
    private var numbers: [CollectionName: Int64] = [:]
    /// By owner; curated ones under `nil`.
    private var owned: [CollectionName?: Set<Int64>] = [:]

    var keys: Dictionary<Int64, CollectionSegments>.Keys { byNumber.keys }
    var values: Dictionary<Int64, CollectionSegments>.Values { byNumber.values }

    /// By the store's number; its id does not change.
    subscript(number: Int64) -> CollectionSegments? {
        get { byNumber[number] }
        _modify {
            let before = byNumber[number]?.id
            defer {
                let after = byNumber[number]?.id
                if (before == nil) != (after == nil) { note(before ?? after, number, isPresent: after != nil) }
            }
            yield &byNumber[number]
        }
    }

    private mutating func note(_ id: String?, _ number: Int64, isPresent: Bool) {
        guard let id else { return }
        let owner = CollectionSet.owner(of: id)
        if isPresent {
            numbers[CollectionName(id)] = number
            owned[owner, default: []].insert(number)
        } else {
            // One that was removed, and made again under another number, may have come before.
            if numbers[CollectionName(id)] == number { numbers[CollectionName(id)] = nil }
            owned[owner]?.remove(number)
            if owned[owner]?.isEmpty == true { owned[owner] = nil }
        }
    }

    subscript(id id: String) -> CollectionSegments? {
        numbers[CollectionName(id)].flatMap { byNumber[$0] }
    }

    /// Those that a search uses, each once, in no order.
    ///
    /// - Parameters:
    ///   - names: Their ids; `nil`: all.
    ///   - visible: Others do not exist for the caller.
    /// - Complexity: O(*n*) in the number of names, or of the visible ones.
    func selected(_ names: [String]?, among visible: CollectionSet) -> [CollectionSegments] {
        if let names {
            let wanted = Set(names.lazy.filter(visible.contains).compactMap { numbers[CollectionName($0)] })
            return wanted.compactMap { byNumber[$0] }
        }
        guard !visible.hasAll else { return Array(byNumber.values) }
        var found: Set<Int64> = visible.hasCurated ? owned[nil] ?? [] : []
        for owner in visible.owners { if let more = owned[owner] { found.formUnion(more) } }
        for id in visible.ids { if let number = numbers[id] { found.insert(number) } }
        return found.compactMap { byNumber[$0] }
    }
}

/// Values by key, with a limit to their bytes together. What was asked for only once since it came goes first, so that
/// somebody who reads everything does not drive out what others come back for.
///
/// For one thread; `Cache` is for many. Both are public: the compiler specialises what is inlinable for callers in other
/// modules only then, which makes a look four times faster.
///
/// Source: Zhang et al., "SIEVE is simpler than LRU", NSDI 2024.
public struct SieveTable<Key: Hashable, Value> {
    /// In a queue from the newest to the oldest, linked by their slots.
    @usableFromInline
    struct Entry {
        @usableFromInline var key: Key
        @usableFromInline var value: Value
        @usableFromInline var byteCount: Int
        @usableFromInline var isVisited = false
        @usableFromInline var newer: Int?
        @usableFromInline var older: Int?

        @inlinable
        init(key: Key, value: Value, byteCount: Int, older: Int?) {
            self.key = key
            self.value = value
            self.byteCount = byteCount
            self.older = older
        }
    }

    @usableFromInline let byteLimit: Int
    @usableFromInline let entryByteLimit: Int
    @usableFromInline var keptByteCount = 0
    @usableFromInline var entries: [Entry?] = []
    @usableFromInline var slots: [Key: Int] = [:]
    @usableFromInline var free: [Int] = []
    @usableFromInline var newest: Int?
    @usableFromInline var oldest: Int?
    /// Where the search for what can go is continued, towards the newer.
    @usableFromInline var hand: Int?

    /// - Parameters:
    ///   - byteLimit: Of all values together.
    ///   - entryByteLimit: Larger values are not kept; `nil`: a sixteenth of all.
    @inlinable
    public init(byteLimit: Int, entryByteLimit: Int? = nil) {
        self.byteLimit = byteLimit
        self.entryByteLimit = entryByteLimit ?? byteLimit / 16
    }

    /// Of the values that are here.
    @inlinable public var byteCount: Int { keptByteCount }

    @inlinable
    public mutating func value(for key: Key) -> Value? {
        guard let slot = slots[key] else { return nil }
        entries[slot]?.isVisited = true
        return entries[slot]?.value
    }

    /// Changes a value that is here, in its place; its bytes stay as many.
    @inlinable
    public mutating func update(_ key: Key, _ body: (inout Value) -> Void) {
        guard let slot = slots[key], entries[slot] != nil else { return }
        body(&entries[slot]!.value)
    }

    /// Adds a value, unless there is one for the key.
    ///
    /// - Returns: What had to go.
    @inlinable
    public mutating func insert(_ value: Value, for key: Key, byteCount: Int) -> [Value] {
        // Of nothing there must not be any number either.
        let byteCount = max(1, byteCount)
        guard byteCount <= entryByteLimit, slots[key] == nil else { return [] }
        var removed: [Value] = []
        while keptByteCount + byteCount > byteLimit, let value = removeOne() { removed.append(value) }
        let entry = Entry(key: key, value: value, byteCount: byteCount, older: newest)
        let slot: Int
        if let last = free.popLast() {
            slot = last
            entries[slot] = entry
        } else {
            slot = entries.count
            entries.append(entry)
        }
        if let newest { entries[newest]?.newer = slot } else { oldest = slot }
        newest = slot
        slots[key] = slot
        keptByteCount += byteCount
        return removed
    }

    @inlinable
    public mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        free.removeAll(keepingCapacity: true)
        (newest, oldest, hand) = (nil, nil, nil)
        keptByteCount = 0
    }

    @inlinable
    mutating func removeOne() -> Value? {
        guard var slot = hand ?? oldest else { return nil }
        while let entry = entries[slot], entry.isVisited, let next = entry.newer ?? oldest {
            entries[slot]?.isVisited = false
            slot = next
        }
        guard let entry = entries[slot] else { return nil }
        if let newer = entry.newer { entries[newer]?.older = entry.older } else { newest = entry.older }
        if let older = entry.older { entries[older]?.newer = entry.newer } else { oldest = entry.newer }
        hand = entry.newer
        entries[slot] = nil
        free.append(slot)
        slots[entry.key] = nil
        keptByteCount -= entry.byteCount
        return entry.value
    }
}

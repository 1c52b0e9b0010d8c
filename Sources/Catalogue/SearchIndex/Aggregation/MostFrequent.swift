/// Keeps the most frequent of many keys; ties go to the keys that come first.
///
/// Holds up to four times the requested number; keys that can no longer qualify are skipped at once.
struct MostFrequent {
    typealias Entry = (count: Int, order: UInt64)

    private let limit: Int
    private var entries: [Entry] = []
    /// Whether at least `limit` entries are at least as good as `last`.
    private var isFull = false
    private var last: Entry = (0, .max)

    /// - Parameter limit: At least 1.
    init(_ limit: Int) {
        self.limit = limit
        entries.reserveCapacity(4 * limit)
    }

    /// Whether a key with this count can still qualify.
    @inline(__always)
    func mayHold(_ count: Int) -> Bool { !isFull || count >= last.count }

    /// - Parameter order: Unique for each key.
    @inline(__always)
    mutating func offer(_ count: Int, _ order: UInt64) {
        if isFull, !Self.precedes((count, order), last) { return }
        entries.append((count, order))
        if entries.count >= 4 * limit { prune() }
    }

    mutating func add(_ other: MostFrequent) {
        for entry in other.entries { offer(entry.count, entry.order) }
    }

    @inline(__always)
    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        left.count != right.count ? left.count > right.count : left.order < right.order
    }

    private mutating func prune() {
        guard entries.count > limit else { return }
        let place = limit - 1
        var low = 0
        var high = entries.count - 1
        // Quickselect: puts the entry of a given rank at its index, better ones before it, in no order.
        while low < high {
            let pivot = entries[(low + high) / 2]
            var left = low
            var right = high
            while left <= right {
                while Self.precedes(entries[left], pivot) { left += 1 }
                while Self.precedes(pivot, entries[right]) { right -= 1 }
                guard left <= right else { break }
                entries.swapAt(left, right)
                left += 1
                right -= 1
            }
            if place <= right {
                high = right
            } else if place >= left {
                low = left
            } else {
                break
            }
        }
        last = entries[place]
        isFull = true
        entries.removeLast(entries.count - limit)
    }

    /// The best `limit` of all, in order.
    func sorted() -> [Entry] {
        var pruned = self
        pruned.prune()
        return pruned.entries.sorted(by: Self.precedes)
    }
}

import Synchronization

/// The texts of Items that were asked for lately, so that those that many ask for, such as the newest, are neither read
/// from the store nor unpacked again. A sequence stands for one version of one Item for ever: nothing in here goes stale.
///
/// What was asked for only once since it came goes first, so that somebody who reads everything does not drive out what
/// others come back for. Source: Zhang et al., "SIEVE is simpler than LRU", NSDI 2024.
final class ItemBodyCache: Sendable {
    struct Text: Sendable {
        let json: [UInt8]
        let linksOffset: Int
    }

    private let entries: Mutex<Entries>

    /// - Parameter byteLimit: Of the texts together. Those that are larger than a sixteenth of it are not kept.
    init(byteLimit: Int) {
        entries = Mutex(Entries(byteLimit: byteLimit))
    }

    /// - Returns: The texts, in the order of the sequences; `nil` for those that are not here.
    func texts(of sequences: [SequenceNumber]) -> [Text?] {
        entries.withLock { entries in sequences.map { entries.find($0) } }
    }

    func insert(_ text: Text, of sequence: SequenceNumber) {
        // Texts go outside the lock.
        let removed = entries.withLock { $0.insert(text, of: sequence) }
        _ = consume removed
    }

    /// Of the texts that are here.
    var byteCount: Int { entries.withLock { $0.byteCount } }
}

/// The entries in a queue from the newest to the oldest, by their places in an array.
private struct Entries {
    private struct Entry {
        var sequence: SequenceNumber
        var text: ItemBodyCache.Text
        var isVisited = false
        var newer: Int?
        var older: Int?
    }

    let byteLimit: Int
    private(set) var byteCount = 0
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var places: [SequenceNumber: Int] = [:]
    private var newest: Int?
    private var oldest: Int?
    /// Where the search for what can go is continued, towards the newer.
    private var hand: Int?

    init(byteLimit: Int) {
        self.byteLimit = byteLimit
    }

    mutating func find(_ sequence: SequenceNumber) -> ItemBodyCache.Text? {
        guard let place = places[sequence] else { return nil }
        entries[place]?.isVisited = true
        return entries[place]?.text
    }

    /// - Returns: What had to go.
    mutating func insert(_ text: ItemBodyCache.Text, of sequence: SequenceNumber) -> [ItemBodyCache.Text] {
        guard text.json.count <= byteLimit / 16, places[sequence] == nil else { return [] }
        var removed: [ItemBodyCache.Text] = []
        while byteCount + text.json.count > byteLimit, let text = removeOne() { removed.append(text) }
        let entry = Entry(sequence: sequence, text: text, older: newest)
        let place: Int
        if let last = free.popLast() {
            place = last
            entries[place] = entry
        } else {
            place = entries.count
            entries.append(entry)
        }
        if let newest { entries[newest]?.newer = place } else { oldest = place }
        newest = place
        places[sequence] = place
        byteCount += text.json.count
        return removed
    }

    private mutating func removeOne() -> ItemBodyCache.Text? {
        guard var place = hand ?? oldest else { return nil }
        while let entry = entries[place], entry.isVisited, let next = entry.newer ?? oldest {
            entries[place]?.isVisited = false
            place = next
        }
        guard let entry = entries[place] else { return nil }
        if let newer = entry.newer { entries[newer]?.older = entry.older } else { newest = entry.older }
        if let older = entry.older { entries[older]?.newer = entry.newer } else { oldest = entry.newer }
        hand = entry.newer
        entries[place] = nil
        free.append(place)
        places[entry.sequence] = nil
        byteCount -= entry.text.json.count
        return entry.text
    }
}

import Synchronization

/// What a segment has found out about the areas of recent searches: pages of one search, and the views of one
/// application, ask for the same area again and again, and the rows of a segment never change.
///
/// Two bits for each row and area, so 2 byte for each row at most.
final class AreaCache: Sendable {
    private struct Entry {
        let key: AreaKey
        var candidates: BoxTree.Candidates
    }

    static let areaCount = 8
    /// Larger geometries are not remembered.
    static let geometryByteCount = 65_536

    /// The least recently used comes first.
    private let entries = Mutex<[Entry]>([])

    /// What is known about the rows in an area.
    func candidates(_ key: AreaKey) -> BoxTree.Candidates? {
        entries.withLock { entries in
            guard let index = entries.lastIndex(where: { $0.key == key }) else { return nil }
            if index < entries.count - 1 { entries.append(entries.remove(at: index)) }
            return entries[entries.count - 1].candidates
        }
    }

    func remember(_ candidates: BoxTree.Candidates, _ key: AreaKey) {
        guard key.byteCount <= Self.geometryByteCount else { return }
        entries.withLock { entries in
            guard !entries.contains(where: { $0.key == key }) else { return }
            if entries.count == Self.areaCount { entries.removeFirst() }
            entries.append(Entry(key: key, candidates: candidates))
        }
    }

    /// Notes that some undecided rows have been compared with the area, and which of them meet it.
    func note(compared: Bitmap, meeting: Bitmap, _ key: AreaKey) {
        entries.withLock { entries in
            guard let index = entries.lastIndex(where: { $0.key == key }) else { return }
            entries[index].candidates.undecided.subtract(compared)
            entries[index].candidates.inside.formUnion(meeting)
        }
    }
}

import Caching

/// What a segment has found out about the areas of recent searches: pages of one search, and the views of one
/// application, ask for the same area again and again, and the rows of a segment never change.
///
/// Two bits for each row and area, so 2 byte for each row at most.
final class AreaCache: Sendable {
    private static let areaCount = 8
    /// Larger geometries are not remembered.
    private static let geometryByteCount = 65_536

    private let areas: Cache<AreaKey, BoxTree.Candidates>
    /// What the rows in an area take.
    private let rowsByteCount: Int

    init(rowCount: Int) {
        rowsByteCount = max(1, 2 * 8 * ((rowCount + 63) / 64))
        areas = Cache(byteLimit: Self.areaCount * rowsByteCount, entryByteLimit: rowsByteCount)
    }

    /// What is known about the rows in an area.
    func candidates(_ key: AreaKey) -> BoxTree.Candidates? { areas.value(for: key) }

    func remember(_ candidates: BoxTree.Candidates, _ key: AreaKey) {
        guard key.byteCount <= Self.geometryByteCount else { return }
        areas.insert(candidates, for: key, byteCount: rowsByteCount)
    }

    /// Records that some undecided rows have been compared with the area, and which of them meet it.
    func record(compared: Bitmap, meeting: Bitmap, _ key: AreaKey) {
        areas.update(key) { candidates in
            candidates.undecided.subtract(compared)
            candidates.inside.formUnion(meeting)
        }
    }
}

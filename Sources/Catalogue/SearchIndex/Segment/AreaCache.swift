import Caching

/// A segment's cache of area tests of recent searches: the pages of one search and the views of one application use the
/// same area repeatedly, and a segment is immutable.
///
/// Two bits per row and area, at most 2 bytes per row.
final class AreaCache: Sendable {
    private static let areaCount = 8
    /// Larger geometries are not cached.
    private static let geometryByteCount = 65_536

    private let areas: Cache<AreaKey, BoxTree.Candidates>
    /// Memory use of a cached result.
    private let rowsByteCount: Int

    init(rowCount: Int) {
        rowsByteCount = max(1, 2 * 8 * ((rowCount + 63) / 64))
        areas = Cache(byteLimit: Self.areaCount * rowsByteCount, entryByteLimit: rowsByteCount)
    }

    /// The cached result for an area.
    func candidates(_ key: AreaKey) -> BoxTree.Candidates? { areas.value(for: key) }

    func remember(_ candidates: BoxTree.Candidates, _ key: AreaKey) {
        guard key.byteCount <= Self.geometryByteCount else { return }
        areas.insert(candidates, for: key, byteCount: rowsByteCount)
    }

    /// Records the results of exact tests of some undecided rows against the area.
    func record(compared: Bitmap, meeting: Bitmap, _ key: AreaKey) {
        areas.update(key) { candidates in
            candidates.undecided.subtract(compared)
            candidates.inside.formUnion(meeting)
        }
    }
}

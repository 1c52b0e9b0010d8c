import Geo

/// An area that a request names. Serves one search on one thread.
final class SearchArea {
    /// What segments remember the area by.
    let key: AreaKey
    private let geometry: Geometry
    /// Made when first needed: segments that have met the area before often do without.
    private(set) lazy var prepared = PreparedGeometry(geometry)

    init(_ geometry: Geometry) {
        self.geometry = geometry
        key = AreaKey(geometry)
    }
}

/// The bytes of an area's geometry, quick to compare.
final class AreaKey: Sendable, Hashable {
    private let wkb: [UInt8]
    private let hash: Int

    init(_ geometry: Geometry) {
        wkb = geometry.wkb
        hash = wkb.hashValue
    }

    /// What remembering the area costs beside the rows.
    var byteCount: Int { wkb.count }

    static func == (left: AreaKey, right: AreaKey) -> Bool {
        left === right || (left.hash == right.hash && left.wkb == right.wkb)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

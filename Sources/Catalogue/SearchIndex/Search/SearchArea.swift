import Geo

/// An area of a request. Serves one search on one thread.
final class SearchArea {
    /// The key of the segments' area caches.
    let key: AreaKey
    private let geometry: Geometry
    /// Created on first use: segments that have cached the area often do not need it.
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

    /// The cost of a cache entry in addition to the rows.
    var byteCount: Int { wkb.count }

    static func == (left: AreaKey, right: AreaKey) -> Bool {
        left === right || (left.hash == right.hash && left.wkb == right.wkb)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

import Geo

/// A location on the maps that grids divide, as fractions of their width and height in units of 2^-32, rounded down.
///
/// Grids halve the map's width and height repeatedly: the first bits of these numbers are the columns and rows of their
/// cells, without rounding.
struct MapPlace: Equatable {
    /// From 180° west.
    let column: UInt32
    /// From the south pole, in degrees.
    let row: UInt32
    /// From the north, in the Web Mercator projection of map tiles; locations beyond its edges are clamped.
    let mercatorRow: UInt32

    /// - Parameter latitude: Degrees, like the longitude; locations outside the map are clamped to its edge.
    init(longitude: Double, latitude: Double) {
        func fraction(_ value: Double) -> UInt32 { UInt32(max(0, min(4_294_967_295, value * 4_294_967_296))) }
        column = fraction((longitude + 180) / 360)
        row = fraction((latitude + 90) / 180)
        mercatorRow = MercatorRow.row(latitude: latitude)
    }
}

/// The locations of a segment's rows with a geometry: the centres of their boxes, which may cross the antimeridian.
struct MapPlaces {
    let columns: UnsafePointer<UInt32>
    let rows: UnsafePointer<UInt32>
    let mercatorRows: UnsafePointer<UInt32>

    init(
        columns: UnsafePointer<UInt32>, rows: UnsafePointer<UInt32>, mercatorRows: UnsafePointer<UInt32>
    ) {
        self.columns = columns
        self.rows = rows
        self.mercatorRows = mercatorRows
    }

    init(_ layout: SegmentLayout.Places, _ storage: SegmentStorage, count: Int) throws(SegmentError) {
        columns = try storage.elements(layout.columns, count: count)
        rows = try storage.elements(layout.rows, count: count)
        mercatorRows = try storage.elements(layout.mercatorRows, count: count)
    }
}

extension LongitudeRange {
    /// The longitudes of a geometry. The geometry is only read when it may cross the antimeridian.
    ///
    /// - Parameter box: The geometry's box.
    init(box: PlanarBox, wkb: UnsafeRawBufferPointer) {
        self.init(west: box.minX, east: box.maxX)
        guard width > 180, let geometry = try? Geometry(wkb: wkb), let range = LongitudeRange(geometry) else { return }
        self = range
    }
}

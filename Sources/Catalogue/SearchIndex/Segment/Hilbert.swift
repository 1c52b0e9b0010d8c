/// The index of a cell of the 65,536 x 65,536 grid along the Hilbert curve, so that neighbours on the curve are
/// neighbours on the map.
func hilbertIndex(x: UInt32, y: UInt32) -> UInt32 {
    var x = x
    var y = y
    var index: UInt32 = 0
    var side: UInt32 = 1 << 15
    while side > 0 {
        let right: UInt32 = x & side != 0 ? 1 : 0
        let upper: UInt32 = y & side != 0 ? 1 : 0
        index = index &+ side &* side &* ((3 &* right) ^ upper)
        if upper == 0 {
            if right == 1 {
                x = 65_535 &- x
                y = 65_535 &- y
            }
            swap(&x, &y)
        }
        side >>= 1
    }
    return index
}

/// As above, for degrees of longitude and latitude; locations outside the map are clamped to its edge.
func hilbertIndex(longitude: Double, latitude: Double) -> UInt32 {
    let cell = hilbertCell(longitude: longitude, latitude: latitude)
    return hilbertIndex(x: cell.x, y: cell.y)
}

/// The cell that contains a location.
func hilbertCell(longitude: Double, latitude: Double) -> (x: UInt32, y: UInt32) {
    func cell(_ value: Double, _ low: Double, _ extent: Double) -> UInt32 {
        UInt32(max(0, min(65_535, (value - low) / extent * 65_536)))
    }
    return (cell(longitude, -180, 360), cell(latitude, -90, 180))
}

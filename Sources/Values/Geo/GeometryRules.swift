/// The rules for positions, lines and rings that every reader checks.
enum GeometryRules {
    /// RFC 7946, section 3.1.4.
    static let lineMinimum = 2
    /// RFC 7946, section 3.1.6.
    static let ringMinimum = 4

    @inline(__always)
    static func fault(x: Double, y: Double, z: Double? = nil) -> GeoError.Reason? {
        // One comparison each also catches NaN.
        guard abs(x) < .infinity, abs(y) < .infinity, z.map({ abs($0) < .infinity }) ?? true else { return .nonFinite }
        return abs(y) <= 90 + latitudeTolerance ? nil : .latitudeOutOfRange(y)
    }

    /// Latitudes may be beyond a pole by so many degrees, and count as the pole's: grids with a row of cells around the
    /// pole reach half a cell beyond it, here one of a grid of one degree.
    static let latitudeTolerance = 0.5

    @inline(__always)
    static func clamped(latitude: Double) -> Double { min(max(latitude, -90), 90) }

    /// Whether an edge with this difference of longitudes, in degrees, is taken to go the short way round.
    @inline(__always)
    static func crossesAntimeridian(jump: Double) -> Bool { abs(jump) > 180 && abs(jump) < 360 }

    /// Whether such an edge may mean something else than it is on the map; see `EdgeReading`.
    @inline(__always)
    static func mayCrossAntimeridian(jump: Double) -> Bool { abs(jump) > 180 }

    /// An empty line is the empty geometry.
    static func fault(line: [Position]) -> GeoError.Reason? {
        line.isEmpty || line.count >= lineMinimum ? nil : .tooFewPositions(line.count, minimum: lineMinimum)
    }

    static func fault(ring: [Position]) -> GeoError.Reason? {
        guard let first = ring.first, let last = ring.last, ring.count >= ringMinimum else {
            return .tooFewPositions(ring.count, minimum: ringMinimum)
        }
        return first.coincides(with: last) ? nil : .ringNotClosed
    }
}

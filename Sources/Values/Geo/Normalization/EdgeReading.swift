/// What wide edges of a line or ring mean.
enum EdgeReading {
    /// They go as they stand, across the map.
    case planar
    /// Those wider than 180° go the short way, across the antimeridian, but for those of 360°.
    case shortest
    /// Those of 360° lead nowhere, too: 180 and -180 are one meridian.
    case joined

    @inline(__always)
    func crosses(jump: Double) -> Bool {
        switch self {
        case .planar: false
        case .shortest: GeometryRules.crossesAntimeridian(jump: jump)
        case .joined: abs(jump) > 180 && abs(jump) <= 360
        }
    }

    /// Of a line: an edge from -180 to 180 alone goes round the Earth.
    init(ofLine line: [Position]) {
        self = line.hasFullCircle && !line.isOnAntimeridian ? .joined : .shortest
    }

    /// Of an outer ring.
    ///
    /// A rectangle more than half the Earth wide on the map may also be the rest of its parallels. The box decides;
    /// without one the winding does, which is counterclockwise (RFC 7946, section 3.1.6).
    ///
    /// - Parameter bbox: Of the Item.
    init(ofRing ring: [Position], in bbox: BoundingBox?) {
        if ring.isAxisAlignedRectangle {
            guard let range = ring.planarRange, range.east - range.west > 180, range.east - range.west < 360 else {
                self = .planar
                return
            }
            let isCrossing = bbox.map { $0.prefersRest(of: range) } ?? !ring.isCounterclockwise
            self = isCrossing ? .shortest : .planar
        } else if !ring.hasFullCircle {
            self = .shortest
        } else if ring.isOnAntimeridian {
            self = .planar
        } else {
            // A ring goes round a pole only if no reading lets it close.
            self =
                [UnrolledPosition](ring, .joined).turns == 0 || [UnrolledPosition](ring, .shortest).turns != 0
                ? .joined : .shortest
        }
    }

    /// Of a hole, which lies in an outer ring.
    init(ofHole hole: [Position], inRingReadAs outer: EdgeReading) {
        if hole.isAxisAlignedRectangle {
            self = hole.planarRange == nil ? .planar : outer
        } else {
            self = hole.hasFullCircle && !hole.isOnAntimeridian ? .joined : .shortest
        }
    }
}

extension [Position] {
    /// From the westernmost position to the easternmost; `nil` where longitudes beyond ±180 say by themselves which way
    /// edges go.
    fileprivate var planarRange: LongitudeRange? {
        let longitudes = map(\.x.snapped)
        guard let west = longitudes.min(), let east = longitudes.max(), west >= -180, east <= 180 else { return nil }
        return LongitudeRange(west: west, east: east)
    }

    fileprivate var hasFullCircle: Bool {
        zip(self, dropFirst()).contains { abs($0.x.snapped - $1.x.snapped) == 360 }
    }

    fileprivate var isOnAntimeridian: Bool { allSatisfy { abs($0.x.snapped) == 180 } }

    /// On the map.
    var isCounterclockwise: Bool {
        zip(self, dropFirst()).reduce(0) { $0 + ($1.0.x * $1.1.y - $1.1.x * $1.0.y) } > 0
    }
}

extension BoundingBox {
    /// Whether the box is rather around the rest of the parallels than around a range that does not cross the
    /// antimeridian.
    fileprivate func prefersRest(of range: LongitudeRange) -> Bool {
        if covers(range.west, range.east) { return false }
        let coversRest =
            (range.east == 180 || covers(range.east, 180)) && (range.west == -180 || covers(-180, range.west))
        // A box around neither is not that of the ring; where it is at least says on which side.
        return coversRest || crossesAntimeridian || east - west < 180
    }

    private func covers(_ first: Double, _ last: Double) -> Bool {
        // Boxes are rounded.
        let tolerance = 1e-6
        let (isInWest, isInEast) = (first >= west - tolerance, last <= east + tolerance)
        return crossesAntimeridian ? isInWest || isInEast : isInWest && isInEast
    }
}

extension [UnrolledPosition] {
    /// Turns round the Earth from the first position to the last.
    var turns: Int {
        guard let first, let last else { return 0 }
        return last.longitude.turn - first.longitude.turn
    }
}

extension Double {
    /// A longitude without the rounding errors that put one beside the antimeridian.
    var snapped: Double { abs(abs(self) - 180) <= 180e-9 ? (self < 0 ? -180 : 180) : self }
}

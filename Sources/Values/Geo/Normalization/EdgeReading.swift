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
    /// A rectangle more than half the Earth wide on the map may also be the rest of the parallels. The box decides;
    /// without one the winding does, which is counterclockwise (RFC 7946, section 3.1.6).
    ///
    /// - Parameter bbox: Of the Item.
    init(ofRing ring: [Position], in bbox: BoundingBox?) {
        if ring.isAxisAlignedRectangle, let width = ring.planarWidth {
            let isAmbiguous = width > 180 && width < 360
            let isCrossing = bbox.map { $0.crossesAntimeridian || $0.east - $0.west < 180 } ?? !ring.isCounterclockwise
            self = isAmbiguous && isCrossing ? .shortest : .planar
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
        let isRectangle = hole.isAxisAlignedRectangle && hole.planarWidth != nil
        self = isRectangle ? outer : hole.hasFullCircle && !hole.isOnAntimeridian ? .joined : .shortest
    }
}

extension [Position] {
    /// Degrees between the westernmost and the easternmost position; `nil` where longitudes beyond ±180 say by
    /// themselves which way edges go.
    fileprivate var planarWidth: Double? {
        let longitudes = map(\.x.snapped)
        guard let west = longitudes.min(), let east = longitudes.max(), west >= -180, east <= 180 else { return nil }
        return east - west
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

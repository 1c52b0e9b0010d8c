/// A footprint as `FootprintEncoder` writes it, looked at where it lies.
///
/// Valid only as long as its bytes.
enum WKBFootprint {
    case point(SIMD2<Double>)
    case polygons(Polygons)

    /// `nil` for everything else: other types, other layouts, rings that are no rings. GEOS deals with them.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 9, let base = bytes.baseAddress, bytes[0] == 1 else { return nil }
        switch Self.uint32(base + 1) {
        case GeometryKind.point.rawValue:
            guard bytes.count == 21 else { return nil }
            let point = base.loadUnaligned(fromByteOffset: 5, as: SIMD2<Double>.self)
            guard !point.x.isNaN, !point.y.isNaN else { return nil }
            self = .point(point)
        case GeometryKind.polygon.rawValue:
            let polygons = Polygons(base: base, count: 1)
            guard polygons.end(in: bytes) == bytes.count else { return nil }
            self = .polygons(polygons)
        case GeometryKind.multiPolygon.rawValue:
            let polygons = Polygons(base: base + 9, count: Int(Self.uint32(base + 5)))
            guard polygons.end(in: bytes) == bytes.count else { return nil }
            self = .polygons(polygons)
        default:
            return nil
        }
    }

    @inline(__always)
    fileprivate static func uint32(_ pointer: UnsafeRawPointer) -> UInt32 {
        UInt32(littleEndian: pointer.loadUnaligned(as: UInt32.self))
    }

    /// A closed ring: pairs of doubles at no particular alignment, in this machine's byte order (all are little
    /// endian).
    struct Ring {
        fileprivate let base: UnsafeRawPointer
        /// At least four, the last the same as the first.
        let count: Int

        @inline(__always)
        subscript(index: Int) -> SIMD2<Double> {
            (base + index &* 16).loadUnaligned(as: SIMD2<Double>.self)
        }
    }

    struct Polygon {
        /// At the number of rings.
        fileprivate let base: UnsafeRawPointer

        @inline(__always)
        var rings: Rings { Rings(at: base + 4, left: WKBFootprint.uint32(base)) }

        struct Rings: Sequence, IteratorProtocol {
            fileprivate var at: UnsafeRawPointer
            fileprivate var left: UInt32

            @inline(__always)
            mutating func next() -> Ring? {
                guard left > 0 else { return nil }
                left &-= 1
                let ring = Ring(base: at + 4, count: Int(WKBFootprint.uint32(at)))
                at = ring.base + ring.count &* 16
                return ring
            }
        }

        /// The location of a point relative to this polygon.
        @inline(__always)
        func locate(_ point: SIMD2<Double>, _ geos: GEOSContext) -> PointLocation {
            var crossing = RayCrossing(point)
            for ring in rings {
                var previous = ring[0]
                for index in 1..<ring.count {
                    let position = ring[index]
                    crossing.count(previous, position, geos)
                    previous = position
                }
            }
            return crossing.location
        }
    }

    struct Polygons: Sequence, IteratorProtocol {
        private var at: UnsafeRawPointer
        private var left: Int

        fileprivate init(base: UnsafeRawPointer, count: Int) {
            at = base
            left = count
        }

        @inline(__always)
        mutating func next() -> Polygon? {
            guard left > 0 else { return nil }
            left &-= 1
            let polygon = Polygon(base: at + 5)
            guard left > 0 else { return polygon }
            var rings = polygon.rings
            while rings.next() != nil {}
            at = rings.at
            return polygon
        }

        /// One past the last byte, when all counts stay in `bytes` and all rings are rings.
        fileprivate func end(in bytes: UnsafeRawBufferPointer) -> Int? {
            guard let base = bytes.baseAddress else { return nil }
            var offset = at - base
            for _ in 0..<left {
                guard bytes.count - offset >= 9, bytes[offset] == 1,
                    WKBFootprint.uint32(base + offset + 1) == GeometryKind.polygon.rawValue
                else { return nil }
                let ringCount = WKBFootprint.uint32(base + offset + 5)
                offset += 9
                for _ in 0..<ringCount {
                    guard bytes.count - offset >= 4 else { return nil }
                    let ring = Ring(base: base + offset + 4, count: Int(WKBFootprint.uint32(base + offset)))
                    offset += 4
                    guard ring.count >= GeometryRules.ringMinimum, ring.count <= (bytes.count - offset) / 16,
                        ring[0] == ring[ring.count - 1]
                    else { return nil }
                    offset += ring.count * 16
                }
            }
            return offset
        }
    }
}

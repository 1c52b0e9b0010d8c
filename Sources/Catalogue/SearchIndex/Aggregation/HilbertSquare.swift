/// One of 4 to the power of `depth` equal parts of the map, in degrees; its rows are contiguous in a segment.
struct HilbertSquare {
    /// 0 to 16.
    let depth: Int
    /// Columns and rows of squares are counted from the west and from the south.
    let x: UInt32
    let y: UInt32

    static let maximumDepth = 16

    /// The square that contains a location.
    init(depth: Int, longitude: Double, latitude: Double) {
        let place = hilbertCell(longitude: longitude, latitude: latitude)
        self.depth = depth
        x = place.x >> UInt32(Self.maximumDepth - depth)
        y = place.y >> UInt32(Self.maximumDepth - depth)
    }

    private var countAcross: Double { Double(UInt64(1) << UInt64(depth)) }

    /// Degrees of latitude, up to rounding.
    var south: Double { Double(y) / countAcross * 180 - 90 }
    var north: Double { Double(y + 1) / countAcross * 180 - 90 }

    /// The numbers of the four parts of a square, in the order of the curve.
    struct Quarters {
        fileprivate let shift: UInt32
        /// Number of the south-western, south-eastern, north-western and north-eastern part.
        fileprivate let numbers: SIMD4<UInt32>

        /// The number of the part that contains a location in the square.
        @inline(__always)
        func number(longitude: Double, latitude: Double) -> UInt32 {
            let place = hilbertCell(longitude: longitude, latitude: latitude)
            return numbers[Int((place.x >> shift & 1) | (place.y >> shift & 1) << 1)]
        }
    }

    /// - Precondition: `depth` is below the maximum.
    var quarters: Quarters {
        let shift = UInt32(Self.maximumDepth - depth - 1)
        func number(_ east: UInt32, _ north: UInt32) -> UInt32 {
            hilbertIndex(x: (x << 1 | east) << shift, y: (y << 1 | north) << shift) >> (2 * shift) & 3
        }
        return Quarters(shift: shift, numbers: SIMD4(number(0, 0), number(1, 0), number(0, 1), number(1, 1)))
    }
}

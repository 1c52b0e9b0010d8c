import Geo
import STACAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Grid {
    /// The number of the cell that holds a place: column << 32 | row, the latter from the south for geohash, from the
    /// north for tiles.
    func cell(longitude: Double, latitude: Double) -> UInt64 {
        func column(_ fraction: Double, bits: Int) -> UInt64 {
            let count = Double(UInt64(1) << UInt64(bits))
            return UInt64(max(0, min(count - 1, (fraction * count).rounded(.down))))
        }
        let fraction = (longitude + 180) / 360
        switch self {
        case .geohash(let length):
            let bits = length * 5
            return column(fraction, bits: (bits + 1) / 2) << 32 | column((latitude + 90) / 180, bits: bits / 2)
        case .geotile(let zoom):
            let latitude = max(-85.0511287798066, min(85.0511287798066, latitude)) * .pi / 180
            let northing = 0.5 - log(tan(.pi / 4 + latitude / 2)) / (2 * .pi)
            return column(fraction, bits: zoom) << 32 | column(northing, bits: zoom)
        }
    }

    /// South-western and north-eastern corner, longitude and latitude, of an area inside a cell.
    ///
    /// - Returns: `nil` where asking for the next place's cell costs less, or such an area is too small to be of use.
    func interior(ofCell cell: UInt64) -> (SIMD2<Double>, SIMD2<Double>)? {
        guard case .geotile(let zoom) = self, zoom <= 12 else { return nil }
        let count = Double(UInt64(1) << UInt64(zoom))
        // Far more than rounding makes of degrees.
        let margin = 1e-9
        func longitude(_ column: UInt64) -> Double { Double(column) / count * 360 - 180 }
        func latitude(_ row: UInt64) -> Double { atan(sinh(.pi * (1 - 2 * Double(row) / count))) * 180 / .pi }
        let (column, row) = (cell >> 32, cell & 0xffff_ffff)
        return (
            SIMD2(longitude(column) + margin, latitude(row + 1) + margin),
            SIMD2(longitude(column + 1) - margin, latitude(row) - margin)
        )
    }

    /// The cell's place among others: that of a geohash's name, and columns of tiles from the west, each from the north.
    func order(ofCell cell: UInt64) -> UInt64 {
        guard case .geohash(let length) = self else { return cell }
        let (column, row) = (cell >> 32, cell & 0xffff_ffff)
        // Bits of longitude and latitude in turn, longitude first.
        let count = length * 5
        var bits: UInt64 = 0
        for index in 0..<count {
            let isLongitude = index % 2 == 0
            let width = isLongitude ? (count + 1) / 2 : count / 2
            let bit = (isLongitude ? column : row) >> UInt64(width - 1 - index / 2) & 1
            bits = bits << 1 | bit
        }
        return bits
    }

    /// The cell's name.
    func name(ofCell cell: UInt64) -> String {
        switch self {
        case .geotile(let zoom): return "\(zoom)/\(cell >> 32)/\(cell & 0xffff_ffff)"
        case .geohash(let length):
            let bits = order(ofCell: cell)
            // Five bits to a character.
            let name = (0..<length).map { Self.alphabet[Int(bits >> UInt64((length - 1 - $0) * 5) & 31)] }
            return String(decoding: name, as: UTF8.self)
        }
    }

    private static let alphabet = Array("0123456789bcdefghjkmnpqrstuvwxyz".utf8)
}

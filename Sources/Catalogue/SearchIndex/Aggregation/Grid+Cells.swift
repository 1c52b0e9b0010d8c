import STACAPI

/// Numbers the cells of a grid: column << 32 | row, the latter from the south for geohash, from the north for tiles.
///
/// Cells and the squares of the Hilbert curve both halve the map's width and height; geohashes do so in degrees, too.
/// Both take the first bits of the same fraction, so that a column of cells lies in one column of squares or the other
/// way round, without rounding.
protocol CellNumbering: Sendable {
    /// Log2 of the number of columns and of rows; at most 32.
    var columnBits: Int { get }
    var rowBits: Int { get }
    /// The locations' row coordinates, whose first bits are the cells' rows.
    func rows(of places: MapPlaces) -> UnsafePointer<UInt32>
    /// Rows of cells that lie wholly in a square where their columns do; in order from `first`.
    ///
    /// - Parameter square: Contains at least one location.
    func rows(inside square: HilbertSquare) -> Range<UInt64>
    /// The cell that contains the whole square; `nil`: there are several.
    func cell(holding square: HilbertSquare) -> UInt64?
}

extension CellNumbering {
    /// The cell of a location.
    ///
    /// - Parameter row: One of `rows(of:)`.
    @inline(__always)
    func cell(column: UInt32, row: UInt32) -> UInt64 {
        let first = UInt64(column) &>> UInt64(32 &- columnBits)
        return first &<< 32 | UInt64(row) &>> UInt64(32 &- rowBits)
    }
}

struct GeohashCells: CellNumbering {
    let columnBits: Int
    let rowBits: Int

    init(length: Int) {
        columnBits = (length * 5 + 1) / 2
        rowBits = length * 5 / 2
    }

    func rows(of places: MapPlaces) -> UnsafePointer<UInt32> { places.rows }

    func rows(inside square: HilbertSquare) -> Range<UInt64> { rowBits >= square.depth ? 0..<(1 << 32) : 0..<0 }

    func cell(holding square: HilbertSquare) -> UInt64? {
        guard columnBits <= square.depth, rowBits <= square.depth else { return nil }
        return UInt64(square.x >> (square.depth - columnBits)) << 32 | UInt64(square.y >> (square.depth - rowBits))
    }
}

struct TileCells: CellNumbering {
    let columnBits: Int
    var rowBits: Int { columnBits }

    init(zoom: Int) {
        columnBits = zoom
    }

    func rows(of places: MapPlaces) -> UnsafePointer<UInt32> { places.mercatorRows }

    private func row(latitude: Double) -> UInt64 {
        UInt64(MercatorRow.exactRow(latitude: latitude)) >> UInt64(32 - rowBits)
    }

    func rows(inside square: HilbertSquare) -> Range<UInt64> {
        let first = row(latitude: square.north)
        let last = row(latitude: square.south)
        // Rows of tiles do not end where squares do; one more row for locations that rounding moves into the next one.
        return last > first + 4 ? first + 2..<last - 1 : 0..<0
    }

    func cell(holding square: HilbertSquare) -> UInt64? {
        guard columnBits <= square.depth, case let row = row(latitude: square.north),
            row == self.row(latitude: square.south)
        else { return nil }
        return UInt64(square.x >> (square.depth - columnBits)) << 32 | row
    }
}

extension Grid {
    /// The cell's sort position: geohashes by name, tiles by column from the west, then by row from the north.
    @inline(__always)
    func order(ofCell cell: UInt64) -> UInt64 {
        guard case .geohash(let length) = self else { return cell }
        let (column, row) = (cell >> 32, cell & 0xffff_ffff)
        // Interleaves the bits of longitude and latitude, longitude first; it also comes last when it has one bit more.
        let isOdd = length % 2 == 1
        return isOdd ? spread(column) | spread(row) << 1 : spread(column) << 1 | spread(row)
    }

    /// The name of the cell at a location.
    func name(ofCellAt order: UInt64) -> String {
        switch self {
        case .geotile(let zoom):
            // At most two digits of the zoom and ten of column and row.
            String(unsafeUninitializedCapacity: 24) { bytes in
                // Three times as fast as string interpolation; there can be ten thousand names.
                var end = 24
                for (place, number) in [order & 0xffff_ffff, order >> 32, UInt64(zoom)].enumerated() {
                    if place > 0 {
                        end -= 1
                        bytes[end] = UInt8(ascii: "/")
                    }
                    var rest = number
                    repeat {
                        end -= 1
                        bytes[end] = UInt8(ascii: "0") + UInt8(rest % 10)
                        rest /= 10
                    } while rest > 0
                }
                let count = 24 - end
                for index in 0..<count { bytes[index] = bytes[end + index] }
                return count
            }
        case .geohash(let length):
            String(unsafeUninitializedCapacity: length) { bytes in
                // Five bits to a character.
                for index in 0..<length {
                    bytes[index] = Self.alphabet[Int(order >> UInt64((length - 1 - index) * 5) & 31)]
                }
                return length
            }
        }
    }

    private static let alphabet = Array("0123456789bcdefghjkmnpqrstuvwxyz".utf8)
}

/// Inserts a 0 bit before each of 32 bits.
@inline(__always)
private func spread(_ bits: UInt64) -> UInt64 {
    var bits = bits
    bits = (bits | bits << 16) & 0x0000_ffff_0000_ffff
    bits = (bits | bits << 8) & 0x00ff_00ff_00ff_00ff
    bits = (bits | bits << 4) & 0x0f0f_0f0f_0f0f_0f0f
    bits = (bits | bits << 2) & 0x3333_3333_3333_3333
    return (bits | bits << 1) & 0x5555_5555_5555_5555
}

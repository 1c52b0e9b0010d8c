/// The rows that have a value.
struct Presence {
    /// `nil`: all rows.
    let words: UnsafePointer<UInt64>?
    let rowCount: Int
    let population: Int

    @inline(__always)
    subscript(row: Int) -> Bool { words.map { $0[row >> 6] >> UInt64(row & 63) & 1 != 0 } ?? true }

    /// The word that contains `firstRow`, a multiple of 64; bits beyond the last row may be set.
    @inline(__always)
    func word(_ firstRow: Int) -> UInt64 { words.map { $0[firstRow >> 6] } ?? .max }

    func intersect(_ rows: inout Bitmap) {
        guard words != nil else { return }
        rows.mapWords { $1 & word($0) }
    }
}

struct BoolPart {
    let presence: Presence
    let values: UnsafePointer<UInt64>

    subscript(row: Int) -> Bool { values[row >> 6] >> UInt64(row & 63) & 1 != 0 }
}

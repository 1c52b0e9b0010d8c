struct TimestampPart {
    let presence: Presence
    let minimum: Int64
    let maximum: Int64
    private let values: UnsafePointer<Int64>?
    private let base: Int64

    init(_ part: SegmentLayout.Part, _ presence: Presence, _ storage: SegmentStorage) throws(SegmentError) {
        self.presence = presence
        minimum = part.minimum
        maximum = part.maximum
        base = part.base
        values = part.encoding == .constant ? nil : try storage.elements(part.values ?? .none, count: presence.rowCount)
    }

    /// Microseconds.
    @inline(__always)
    subscript(row: Int) -> Int64 { values.map { $0[row] } ?? base }

    /// Keeps the rows whose value lies in the range. Presence is not checked.
    func keep(_ range: ClosedRange<Int64>, in rows: inout Bitmap) {
        if range.lowerBound <= minimum, range.upperBound >= maximum { return }
        guard let values else {
            if !range.contains(base) { rows = Bitmap(count: rows.count) }
            return
        }
        keepRows(&rows) { values[$0] >= range.lowerBound && values[$0] <= range.upperBound }
    }
}

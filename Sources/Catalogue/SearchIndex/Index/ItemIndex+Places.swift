import Geo

/// An Item's position in space and time, for files that are sorted like the index.
public struct ItemPlace: Sendable, Hashable {
    /// Of the Item's last write.
    public let sequence: Int64
    /// The sort time, in microseconds since 1970.
    public let time: Int64
    /// Hilbert index of the centre of its bounding box; the maximum for an Item without a geometry.
    public let curvePlace: UInt32
    /// Orders Items of one segment, which are close in time, by their ids.
    public let idRank: UInt64

    public init(sequence: Int64, time: Int64, curvePlace: UInt32, idRank: UInt64) {
        self.sequence = sequence
        self.time = time
        self.curvePlace = curvePlace
        self.idRank = idRank
    }
}

extension ItemIndex {
    /// Calls `body` with each Item's sort time, in microseconds, and its sequence, for a collection, in no order.
    ///
    /// - Throws: `IndexDamage`, at the end.
    public func forEachTime(collection: Int64, _ body: (Int64, Int64) -> Void) throws {
        try snapshot.sound(collection) { segments in
            for state in segments {
                let (times, sequences) = (state.segment.times, state.segment.sequences)
                for row in 0..<state.segment.rowCount where state.live?[row] ?? true {
                    body(times[row], sequences[row])
                }
            }
        }
    }

    /// A collection's Items of a span of time, in no order.
    ///
    /// - Parameters:
    ///   - first: Microseconds.
    ///   - end: Microseconds, exclusive.
    /// - Throws: `IndexDamage`.
    public func places(collection: Int64, from first: Int64, before end: Int64) throws -> [ItemPlace] {
        try snapshot.sound(collection) { places(of: $0, from: first, before: end) }
    }

    private func places(of segments: [SegmentState], from first: Int64, before end: Int64) -> [ItemPlace] {
        var places: [ItemPlace] = []
        for (number, state) in segments.enumerated() {
            let segment = state.segment
            guard segment.firstTime < end, segment.lastTime >= first else { continue }
            let times = segment.times
            for row in 0..<segment.rowCount
            where times[row] >= first && times[row] < end && state.live?[row] ?? true {
                let curvePlace =
                    segment.box(row).map {
                        hilbertIndex(longitude: ($0.minX + $0.maxX) / 2, latitude: ($0.minY + $0.maxY) / 2)
                    } ?? .max
                places.append(
                    ItemPlace(
                        sequence: segment.sequences[row], time: times[row], curvePlace: curvePlace,
                        idRank: UInt64(number) << 32 | UInt64(segment.idRanks[row])))
            }
        }
        return places
    }
}

import Synchronization

/// The mean size of the Items of Collections, as last measured: sizes follow from it without reading anything.
///
/// A Collection that grows is measured again when that takes a twentieth of the time at most, so that a writer never waits
/// long for it.
final class CollectionSizes: Sendable {
    private struct Measurement {
        var items: Int
        var bytes: Int
        /// Number of Items that the Collection had then.
        var count: Int
        /// From when on it may be measured again.
        var end: ContinuousClock.Instant
    }

    private let known = Mutex<[CollectionNumber: Measurement]>([:])

    /// Items that are measured at most; the size of the others follows from theirs.
    static let measuredCount = 1_000_000
    private static let shortestPause = Duration.seconds(2)
    /// Without a use, they are forgotten beyond so many.
    private static let mostKnown = 100_000

    /// The bytes of a Collection with `count` Items.
    ///
    /// - Parameter measure: Reads sizes of Items; returns how many, and the sum.
    func bytes(
        of collection: CollectionNumber, count: Int, measure: () throws -> (items: Int, bytes: Int)
    ) throws -> Int {
        guard count > 0 else { return 0 }
        let start = ContinuousClock.now
        if let last = known.withLock({ $0[collection] }), last.count == count || start < last.end {
            return Self.bytes(last, count)
        }
        let (items, bytes) = try measure()
        let pause = max(Self.shortestPause, (ContinuousClock.now - start) * 20)
        let measurement = Measurement(items: items, bytes: bytes, count: count, end: .now + pause)
        known.withLock { known in
            if known.count >= Self.mostKnown { known.removeAll() }
            known[collection] = measurement
        }
        return Self.bytes(measurement, count)
    }

    private static func bytes(_ measurement: Measurement, _ count: Int) -> Int {
        guard measurement.items > 0 else { return 0 }
        if measurement.items == count { return measurement.bytes }
        return Int(Double(measurement.bytes) / Double(measurement.items) * Double(count))
    }
}

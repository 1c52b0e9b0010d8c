import Catalogue
import Dispatch
import STACGeoParquet
import Synchronization

/// Looks at Items to find out which columns suit them.
struct SchemaDiscovery {
    let snapshot: CatalogueSnapshot
    let threadCount: Int

    /// Of a collection of more Items only each sixteenth is looked at first; should another one not suit, all are.
    static let wholeCount = 4096
    static let step = 16
    private static let itemsAtOnce = 1024

    static func sample(_ sequences: [SequenceNumber]) -> [SequenceNumber] {
        guard sequences.count > wholeCount else { return sequences }
        return stride(from: 0, to: sequences.count, by: step).map { sequences[$0] }
    }

    func shape(of sequences: [SequenceNumber]) throws -> ItemShape {
        let sequences = sequences.sorted()
        let batchCount = (sequences.count + Self.itemsAtOnce - 1) / Self.itemsAtOnce
        let state = Mutex<(next: Int, failure: (any Error)?)>((0, nil))
        let collector = ShapeCollector()
        DispatchQueue.concurrentPerform(iterations: min(threadCount, max(1, batchCount))) { _ in
            let shape = ItemShape()
            while let batch = state.withLock({ state -> Int? in
                guard state.next < batchCount, state.failure == nil else { return nil }
                state.next += 1
                return state.next - 1
            }) {
                do {
                    let end = min(sequences.count, (batch + 1) * Self.itemsAtOnce)
                    try snapshot.forEachItem(sequences[batch * Self.itemsAtOnce..<end]) { shape.add($0) }
                } catch {
                    state.withLock { $0.failure = error }
                }
            }
            collector.merge(shape)
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return collector.shape
    }
}

/// `@unchecked Sendable`: the shape is used under the lock, and by the caller when all threads have ended.
private final class ShapeCollector: @unchecked Sendable {
    private let lock = Mutex(())
    let shape = ItemShape()

    func merge(_ other: ItemShape) {
        lock.withLock { _ in shape.merge(other) }
    }
}

import Catalogue
import Parallelism
import STACGeoParquet

/// Inspects Items to find columns that can hold them.
struct SchemaDiscovery {
    let snapshot: CatalogueSnapshot
    let threadCount: Int

    /// Of a collection of more Items only every sixteenth is inspected first; after a schema mismatch all are.
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
        let shapes = try Parallel.forEach(batchCount, width: threadCount) {
            ItemShape()
        } body: { shape, batch in
            let end = min(sequences.count, (batch + 1) * Self.itemsAtOnce)
            try snapshot.forEachItem(sequences[batch * Self.itemsAtOnce..<end]) {
                shape.add($0)
            } onDamage: { _ in
            }
        }
        return shapes.reduce(into: ItemShape()) { $0.merge($1) }
    }
}

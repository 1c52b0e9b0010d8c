import Synchronization

/// Pool of preparations for the tasks of a load; they reuse their buffers.
///
/// They use the dictionary that the Collection has when the first of them is needed.
final class PreparationPool: Sendable {
    private let engine: CatalogueEngine
    private let collection: StoredCollection
    private let migrates: Bool
    private let idle = Mutex<[Box]>([])

    /// `@unchecked Sendable`: taken out of `idle`, a preparation is used by one task until it is put back.
    private final class Box: @unchecked Sendable {
        let preparation: ItemPreparation
        init(_ preparation: ItemPreparation) { self.preparation = preparation }
    }

    init(engine: CatalogueEngine, collection: StoredCollection, migrates: Bool) {
        self.migrates = migrates
        self.engine = engine
        self.collection = collection
    }

    func withPreparation<Result>(_ body: (ItemPreparation) throws -> Result) throws -> Result {
        let box =
            try idle.withLock { $0.popLast() }
            ?? Box(
                ItemPreparation(
                    collection: collection.id, dictionary: engine.latestDictionary(of: collection.number),
                    migrates: migrates))
        defer { idle.withLock { $0.append(box) } }
        return try body(box.preparation)
    }
}

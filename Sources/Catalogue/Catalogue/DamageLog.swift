import Logging
import SearchIndex
import Synchronization

/// The damage that a process has met: each is logged once, and counted.
final class DamageLog: Sendable {
    private struct State {
        var items: Set<SequenceNumber> = []
        var collections: Set<SequenceNumber> = []
        var files: Set<String> = []
    }

    private let state = Mutex(State())
    /// That of the time when the catalogue was opened: requests come on threads that have none.
    private let logger = Logger.current

    /// Distinct versions of Items and Collections.
    var rowCount: Int { state.withLock { $0.items.count + $0.collections.count } }
    /// Distinct files of the index.
    var fileCount: Int { state.withLock { $0.files.count } }

    func record(_ item: ItemName, _ sequence: SequenceNumber, _ error: any Error) {
        guard state.withLock({ $0.items.insert(sequence).inserted }) else { return }
        logger.error(
            "An Item is damaged",
            metadata: [
                "stac.collection": "\(item.collection)", "stac.item": "\(item.id)", "catalogue.sequence": "\(sequence)",
                "error": "\(error)",
            ])
    }

    func record(_ collection: StoredCollection) {
        guard state.withLock({ $0.collections.insert(collection.sequence).inserted }) else { return }
        logger.error(
            "A Collection is damaged",
            metadata: ["stac.collection": "\(collection.id)", "catalogue.sequence": "\(collection.sequence)"])
    }

    func record(_ damage: IndexDamage) {
        let new = state.withLock { state in damage.files.filter { state.files.insert($0).inserted } }
        guard !new.isEmpty else { return }
        logger.error(
            "The search index is damaged", metadata: ["index.files": "\(new.joined(separator: ", "))"])
    }
}

extension CatalogueError {
    /// - Parameter items: At least one.
    package static func damaged(_ items: [ItemName]) -> Self {
        let names = items.prefix(5).map { "\"\($0.id)\" (Collection \"\($0.collection)\")" }.joined(separator: ", ")
        let more = items.count > 5 ? " and \(items.count - 5) more" : ""
        let (subject, verb) = items.count == 1 ? ("The Item", "is") : ("The Items", "are")
        return Self(
            .storeDamaged, "\(subject) \(names)\(more) \(verb) damaged in the catalogue and cannot be read.",
            itemID: items.first?.id)
    }
}

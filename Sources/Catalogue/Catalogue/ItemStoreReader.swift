/// Read access to a store: to its current state at each call, or to a snapshot.
///
/// Calls block the calling thread; none may be made from an event loop. Closures must not call the reader that calls them.
public protocol ItemStoreReader: Sendable {
    // MARK: Collections

    /// All collections, by id.
    ///
    /// - Parameter known: Previously read Collections: those that have not changed since need not be read again.
    func collections(reusing known: [StoredCollection]) throws -> [StoredCollection]
    func collection(id: String) throws -> StoredCollection?
    /// The sequence of the newest change of Collections; 0 before the first.
    func lastCollectionSequence() throws -> SequenceNumber

    // MARK: Items

    /// The sequence of the current version of an Item; `nil` when there is none.
    ///
    /// - Throws: `storeDamaged` when its entry is damaged.
    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber?

    /// Reads bodies by sequence, in the given order; missing sequences are skipped. The checksum of each is compared: see
    /// `StoredBody.damage`.
    /// The pointers are valid only inside the closure.
    func withBodies(_ sequences: [SequenceNumber], _ body: (Int, StoredBody) throws -> Void) throws

    /// Calls `body` with the id and the sequence of every Item of a collection, by id.
    ///
    /// Concurrent writes may or may not be included, except in a snapshot.
    ///
    /// - Returns: The number of Items that were left out, since their entries are damaged.
    @discardableResult
    func forEachItem(in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void) throws -> Int

    /// The dictionaries that bodies refer to, by number.
    ///
    /// - Throws: `storeDamaged`.
    func dictionary(_ number: Int64) throws -> [UInt8]?
    /// The newest dictionary of a collection.
    func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, bytes: [UInt8])?

    /// The sizes of bodies of current Items of a collection, as they are stored.
    ///
    /// - Parameter count: So many Items at most are looked at.
    /// - Returns: How many they are, and the sum, in bytes.
    /// - Complexity: O(*n*): about a second for half a million.
    func itemSizes(in collection: CollectionNumber, atMost count: Int) throws -> (items: Int, bytes: Int)

    // MARK: Following

    /// The sequence of the newest change; 0 before the first. Once it has been read, no change with it or a lower one
    /// appears later, however many processes write at once: a reader up to it has missed nothing.
    ///
    /// - Complexity: O(1), some microseconds if the store is local: followers poll ten times a second.
    func lastSequence() throws -> SequenceNumber

    /// The changes with sequences above `after`, in order, at most `limit`. The pointers are valid only inside.
    ///
    /// With a limit above 1, the removal of a version comes together with the version that replaces it.
    func changes(after: SequenceNumber, limit: Int, _ body: (StoreChange) throws -> Void) throws

    // MARK: State

    /// The number of Items in each collection as the store keeps count of it; lacks collections whose Items were written
    /// before they were counted.
    func itemCounts() throws -> [CollectionNumber: Int]

    /// Counts the objects in a store. Reads the keys of all Items: about a second for ten million.
    func statistics() throws -> StoreStatistics
}

extension ItemStoreReader {
    /// All collections, by id.
    public func collections() throws -> [StoredCollection] { try collections(reusing: []) }
}

/// Counts and sizes of a store.
public struct StoreStatistics: Sendable, Hashable {
    public struct Collection: Sendable, Hashable {
        public let id: String
        public let number: CollectionNumber
        public let itemCount: Int

        public init(id: String, number: CollectionNumber, itemCount: Int) {
            self.id = id
            self.number = number
            self.itemCount = itemCount
        }
    }

    /// By id.
    public let collections: [Collection]
    public let lastSequence: SequenceNumber
    /// Replaced and removed versions up to this sequence have been purged.
    public let purgedSequence: SequenceNumber

    public init(collections: [Collection], lastSequence: SequenceNumber, purgedSequence: SequenceNumber) {
        self.collections = collections
        self.lastSequence = lastSequence
        self.purgedSequence = purgedSequence
    }
}

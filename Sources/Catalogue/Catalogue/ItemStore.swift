/// Keeps Collections and Items, and numbers every change of them: the one truth that index, exports and other
/// processes follow.
///
/// Every write is a transaction. Each change in it gets the next number of one strictly increasing *sequence*, in
/// the order of the changes; an Item is known by the sequence of its last write, which so changes exactly when the
/// Item's content does. What a write replaces or removes stays readable by its sequence until `purge`.
///
/// Calls block the calling thread; none may be made from an event loop.
public protocol ItemStore: Sendable {
    /// Tells this store from all others, for as long as it exists.
    func identifier() throws -> String

    // MARK: Collections

    /// All collections, by id.
    ///
    /// - Parameter known: Some as they were read before: those that have not changed since need not be read again.
    func collections(reusing known: [StoredCollection]) throws -> [StoredCollection]
    func collection(id: String) throws -> StoredCollection?
    /// The sequence of the newest change of Collections; 0 before the first.
    func lastCollectionSequence() throws -> SequenceNumber

    // MARK: Items

    /// The sequence of the current version of an Item; `nil` when there is none.
    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber?

    /// Reads bodies by sequence, in the given order; sequences that are not there (any more) are passed over.
    /// The pointers are valid only inside the closure.
    func withBodies(_ sequences: [SequenceNumber], _ body: (Int, StoredBody) throws -> Void) throws

    /// Calls `body` with the id and the sequence of every Item of a collection, by id.
    func forEachItem(in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void) throws

    /// The dictionaries that bodies name, by number.
    func dictionary(_ number: Int64) throws -> [UInt8]?
    /// The newest dictionary of a collection.
    func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, bytes: [UInt8])?

    // MARK: Following

    /// The sequence of the newest change; 0 before the first.
    func lastSequence() throws -> SequenceNumber

    /// The changes with sequences above `after`, in order, at most `limit`. The pointers are valid only inside.
    func changes(after: SequenceNumber, limit: Int, _ body: (StoreChange) throws -> Void) throws

    /// A number that differs from its last value when another process has written.
    func dataVersion() throws -> Int64

    // MARK: Writing

    /// Runs `body` in a transaction, which is on disk when this returns, or has left nothing when it throws.
    func write<Result>(_ body: (any ItemStoreTransaction) throws -> Result) throws -> Result

    /// Forgets replaced and removed versions with sequences up to `through` (their removal stays in the change feed).
    func purge(through: SequenceNumber) throws
}

extension ItemStore {
    /// All collections, by id.
    public func collections() throws -> [StoredCollection] { try collections(reusing: []) }
}

/// What can be done inside `ItemStore.write`. Not to be used after it.
public protocol ItemStoreTransaction {
    func collection(id: String) throws -> StoredCollection?
    func putCollection(id: String, body: [UInt8]) throws -> StoredCollection
    /// Removes a collection with all its Items.
    func removeCollection(_ number: CollectionNumber) throws -> SequenceNumber

    func addDictionary(_ bytes: [UInt8], for collection: CollectionNumber) throws -> Int64

    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber?
    /// The body of the version with that sequence. The pointer is valid only inside the closure.
    func withBody<Result>(_ sequence: SequenceNumber, _ body: (StoredBody) throws -> Result) throws -> Result?

    /// Writes an Item whose id is not taken.
    func insert(_ id: String, _ body: NewBody, in collection: CollectionNumber) throws -> SequenceNumber
    /// Writes an Item in place of the version `replaced`.
    func replace(_ replaced: SequenceNumber, _ id: String, _ body: NewBody, in collection: CollectionNumber) throws
        -> SequenceNumber
    /// Removes the version `removed`, which is the current one.
    func remove(_ removed: SequenceNumber, _ id: String, in collection: CollectionNumber) throws -> SequenceNumber
}

/// A change's number. Above 0.
public typealias SequenceNumber = Int64

/// A store's own number of a collection; never used twice.
public typealias CollectionNumber = Int64

public struct StoredCollection: Sendable, Hashable {
    public let number: CollectionNumber
    public let id: String
    /// Of the last write of the Collection itself, not of its Items.
    public let sequence: SequenceNumber
    /// JSON text without the links that an API generates.
    public let body: [UInt8]

    public init(number: CollectionNumber, id: String, sequence: SequenceNumber, body: [UInt8]) {
        self.number = number
        self.id = id
        self.sequence = sequence
        self.body = body
    }
}

/// An Item's body as it lies in the store.
public struct StoredBody {
    /// A zstd frame of the Item's JSON text without generated links.
    public let frame: UnsafeRawBufferPointer
    /// The dictionary that it was compressed with; 0: none.
    public let dictionary: Int64
    /// Where generated links belong: bytes from the start of the JSON text to just behind the `[` of `links`.
    public let linksOffset: Int

    public init(frame: UnsafeRawBufferPointer, dictionary: Int64, linksOffset: Int) {
        self.frame = frame
        self.dictionary = dictionary
        self.linksOffset = linksOffset
    }
}

/// A body to be stored; see `StoredBody`.
public struct NewBody: Sendable {
    public let frame: [UInt8]
    public let dictionary: Int64
    public let linksOffset: Int

    public init(frame: [UInt8], dictionary: Int64, linksOffset: Int) {
        self.frame = frame
        self.dictionary = dictionary
        self.linksOffset = linksOffset
    }
}

public enum StoreChange {
    case putCollection(StoredCollection)
    /// The collection and all its Items are gone.
    case removedCollection(SequenceNumber, CollectionNumber)
    /// An Item's version that is current now, or was when it was written.
    case putItem(SequenceNumber, CollectionNumber, StoredBody)
    /// The version `removed` of an Item is not current any more: replaced by the version `sequence`, or deleted.
    case removedItem(SequenceNumber, CollectionNumber, removed: SequenceNumber)
}

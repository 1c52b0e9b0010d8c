/// Keeps Collections and Items, and numbers every change of them: the one truth that index, exports and other
/// processes follow.
///
/// Every write is a transaction. Each change in it gets the next number of one strictly increasing *sequence*, in
/// the order of the changes; an Item is known by the sequence of its last write, which so changes exactly when the
/// Item's content does. What a write replaces or removes stays readable by its sequence until `purge`.
///
/// Any number of processes, on one machine or several, may use a store at once. What one of them has written, all see
/// in their next call.
public protocol ItemStore: ItemStoreReader {
    /// Tells this store from all others, for as long as it exists; a copy of it is another one.
    func identifier() throws -> String

    /// The store as it is at this moment, for as long as the result lives.
    ///
    /// Others read and write meanwhile, but what they replace cannot make room: not to be kept longer than needed.
    /// Threads may read one after the other.
    func snapshot() throws -> any ItemStoreReader

    // MARK: Writing

    /// Runs `body` in a transaction, which is on disk when this returns, or has left nothing when it throws.
    ///
    /// Transactions come one after the other, those of other processes included, so that their sequences do. Not to be
    /// called inside itself.
    func write<Result>(_ body: (any ItemStoreTransaction) throws -> Result) throws -> Result

    /// Forgets replaced and removed versions with sequences up to `through` (their removal stays in the change feed).
    func purge(through: SequenceNumber) throws

    // MARK: Maintenance

    /// Checks the store's structure; reads all of it, as it is at one moment. Others read and write meanwhile.
    ///
    /// - Returns: What is wrong, in sentences, the first hundred; empty if all is well.
    func integrityCheck() throws -> [String]

    /// Copies the store, as it is at one moment, into an existing directory, in place of the copy that is there.
    ///
    /// Others read and write meanwhile. The copy is on disk when this returns, and is opened like a store of its own.
    ///
    /// - Throws: `storeBusy` when the copy that is there is in use.
    func backup(toDirectory directory: String) throws

    /// Bytes that the store takes on disk, also those that are free for what comes.
    ///
    /// - Complexity: O(1).
    func byteCount() throws -> Int
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

/// Stores Collections and Items, and numbers every change of them: the single source of truth that index, exports and
/// other processes follow.
///
/// Every write is a transaction. Each change in it gets the next number of one strictly increasing *sequence*, in
/// the order of the changes; an Item is known by the sequence of its last write, which so changes exactly when the
/// Item's content does. What a write replaces or removes stays readable by its sequence until `purge`.
///
/// Any number of processes, on one machine or several, may use a store at once. A process's writes are visible to all
/// others in their next call.
public protocol ItemStore: ItemStoreReader {
    /// Identifies this store permanently; a copy of it has another identity.
    func identifier() throws -> String

    /// A snapshot of the store, for the lifetime of the result.
    ///
    /// Others read and write meanwhile, but versions that they replace cannot be freed: keep it no longer than needed.
    /// Threads may read one after the other.
    func snapshot() throws -> any ItemStoreReader

    // MARK: Writing

    /// Runs `body` in a transaction, which is on disk when this returns, or has no effect when it throws.
    ///
    /// Transactions are serialised, including those of other processes, so that their sequences are, too. Must not be
    /// called inside itself.
    func write<Result>(_ body: (any ItemStoreTransaction) throws -> Result) throws -> Result

    /// Purges replaced and removed versions with sequences up to `through` (their removal stays in the change feed), but
    /// none that the searches of a node may still find: see `NodeState`.
    func purge(through: SequenceNumber) throws

    // MARK: Nodes

    /// Tells the other nodes what the state of this one is. Nothing where there are no others, or no permission to write.
    ///
    /// Returns or fails within some seconds.
    func report(_ node: NodeState) throws

    /// Removes the report of a node that stops.
    func withdraw(node id: String) throws

    /// The nodes that have reported themselves within the last hour, by name.
    func nodes() throws -> [NodeState]

    // MARK: Maintenance

    /// Checks the store's structure and all checksums; reads all of it, as one snapshot. Others read and write
    /// meanwhile.
    ///
    /// - Returns: The first hundred faults, as sentences that name the Items concerned; empty if there are none.
    func integrityCheck() throws -> [String]

    /// Checks the structure alone, without which the store cannot be read in order.
    ///
    /// - Returns: As `integrityCheck`.
    func structureCheck() throws -> [String]

    /// The number of rows that have no checksum, since an earlier version has written them.
    ///
    /// - Complexity: O(1) where there are none, else O(*n*).
    func uncheckedCount() throws -> Int

    /// Gives these rows their checksums, in many short transactions between which others write.
    ///
    /// - Parameter onProgress: Called with the number of rows so far.
    func addChecksums(onProgress: (Int) -> Void) throws

    /// The ids of current Items, for messages about damage.
    ///
    /// - Complexity: O(*n*) in the number of all Items.
    func names(of sequences: Set<SequenceNumber>) throws -> [SequenceNumber: ItemName]

    /// Copies a snapshot of the store into an existing directory that is empty or holds an earlier backup of the same
    /// catalogue, which is replaced.
    ///
    /// Others read and write meanwhile. The copy is on disk when this returns, and can be opened like any store.
    ///
    /// - Throws: `storeBusy` when the existing copy is in use; `invalid` when the directory holds anything else;
    ///   `storeDamaged` when the copy is not sound: nothing is replaced then.
    func backup(toDirectory directory: String) throws

    /// Bytes of the store on disk, including free space in it.
    ///
    /// - Complexity: O(1).
    func byteCount() throws -> Int
}

extension ItemStore {
    public func report(_ node: NodeState) throws {}
    public func withdraw(node id: String) throws {}
    public func nodes() throws -> [NodeState] { [] }
}

/// Operations available inside `ItemStore.write`. Not to be used after it.
public protocol ItemStoreTransaction {
    func collection(id: String) throws -> StoredCollection?
    func putCollection(id: String, body: [UInt8]) throws -> StoredCollection
    /// Removes a collection with all its Items.
    func removeCollection(_ number: CollectionNumber) throws -> SequenceNumber

    func addDictionary(_ bytes: [UInt8], for collection: CollectionNumber) throws -> Int64

    /// Says which Items will be asked for or written next, so that a store in a server learns of all of them at once.
    ///
    /// - Parameter reading: Whether the bodies of those that exist will be read.
    func anticipate(_ ids: [String], in collection: CollectionNumber, reading: Bool) throws

    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber?
    /// The body of the version with that sequence. The pointer is valid only inside the closure.
    func withBody<Result>(_ sequence: SequenceNumber, _ body: (StoredBody) throws -> Result) throws -> Result?

    /// Writes an Item whose id is not taken.
    func insert(_ id: String, _ body: NewBody, in collection: CollectionNumber) throws -> SequenceNumber
    /// Writes an Item, replacing the version `replaced`.
    func replace(_ replaced: SequenceNumber, _ id: String, _ body: NewBody, in collection: CollectionNumber) throws
        -> SequenceNumber
    /// Removes the version `removed`, which is the current one.
    func remove(_ removed: SequenceNumber, _ id: String, in collection: CollectionNumber) throws -> SequenceNumber
}

extension ItemStoreTransaction {
    public func anticipate(_ ids: [String], in collection: CollectionNumber, reading: Bool) throws {}
}

/// An Item's id and that of its Collection.
public struct ItemName: Sendable, Hashable, CustomStringConvertible {
    public let collection: String
    public let id: String

    public init(collection: String, id: String) {
        self.collection = collection
        self.id = id
    }

    public var description: String { "\(collection)/\(id)" }
}

/// A change's number. Above 0.
public typealias SequenceNumber = Int64

/// A store's own number of a collection; never reused.
public typealias CollectionNumber = Int64

public struct StoredCollection: Sendable, Hashable {
    public let number: CollectionNumber
    public let id: String
    /// The last write of the Collection itself, not of its Items.
    public let sequence: SequenceNumber
    /// JSON text without the links that an API generates. Empty when it is damaged.
    public let body: [UInt8]
    /// Whether the body's checksum is wrong. Its Items may be sound.
    public let isDamaged: Bool

    public init(
        number: CollectionNumber, id: String, sequence: SequenceNumber, body: [UInt8], isDamaged: Bool = false
    ) {
        self.number = number
        self.id = id
        self.sequence = sequence
        self.body = isDamaged ? [] : body
        self.isDamaged = isDamaged
    }
}

/// An Item's body as stored.
public struct StoredBody {
    /// A zstd frame of the Item's JSON text without generated links.
    public let frame: UnsafeRawBufferPointer
    /// The dictionary that it was compressed with; 0: none.
    public let dictionary: Int64
    /// Position of generated links: bytes from the start of the JSON text to just behind the `[` of `links`.
    public let linksOffset: Int
    /// What is wrong with it, such as its checksum; `nil` for a sound body. Unpacking a damaged one is an error.
    public let damage: String?

    public init(frame: UnsafeRawBufferPointer, dictionary: Int64, linksOffset: Int, damage: String? = nil) {
        self.frame = frame
        self.dictionary = dictionary
        self.linksOffset = linksOffset
        self.damage = damage
    }

    /// A body that cannot be read.
    public init(damage: String) {
        self.init(frame: UnsafeRawBufferPointer(start: nil, count: 0), dictionary: 0, linksOffset: 0, damage: damage)
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
    /// The version `removed` of an Item is no longer current: replaced by the version `sequence`, or deleted.
    case removedItem(SequenceNumber, CollectionNumber, removed: SequenceNumber)
    /// The record of a removal is damaged: followers may have Items that are gone.
    case damaged(SequenceNumber)
}

public import JSON
public import STACAPI
public import Temporal

/// The catalogue as interfaces use it: Collections and Items by id, and search.
///
/// Calls block the calling thread, may come from any number of threads at once, and throw `CatalogueError`.
public protocol CatalogueService: Sendable {
    /// The catalogue with one caller's access rights. Objects that the caller cannot see do not exist: not in searches,
    /// counts, lists, queryables or status, and errors about them are those about missing objects.
    func view(_ visibility: Visibility) -> any CatalogueService

    // MARK: Collections

    /// All Collections, by id. See `StoredCollection.isDamaged`.
    func collections() throws -> [StoredCollection]
    func collection(id: String) throws -> StoredCollection?
    /// Whether there is a Collection. The store is not asked where the index has Items of it.
    func hasCollection(id: String) throws -> Bool

    /// Collections, as `described` returns them, whose extents, texts and members match a request; its `collections` is
    /// ignored. `geometry` and `datetime` of filters and sort keys are a Collection's extent.
    ///
    /// - Parameter budget: Only its cancellation counts.
    /// - Throws: `CQL2Error` for a filter that cannot be evaluated; `SearchAborted.cancelled`.
    func searchCollections(_ request: SearchRequest, _ budget: SearchBudget) throws -> CollectionPage

    /// A Collection with the members derived from its Items: see `CollectionDescription`. If another process owns the
    /// index, as it is stored.
    ///
    /// - Throws: `storeDamaged` for one that is damaged.
    func described(_ collection: StoredCollection) throws -> StoredCollection

    /// Writes a Collection.
    ///
    /// - Parameters:
    ///   - json: The Collection as JSON text; links that an API generates are removed.
    ///   - id: The required `id` of the Collection; `nil`: any.
    ///   - ifMatch: The required sequence of the version to be replaced; `nil`: any.
    func putCollection(
        _ json: [UInt8], id: String?, _ mode: WriteMode, ifMatch: SequenceNumber?
    ) throws -> (collection: StoredCollection, isNew: Bool)

    /// Writes new Collections: all of them, or none when one is invalid or its id is taken; the error says which.
    func createCollections(_ collections: [[UInt8]]) throws

    /// Changes a Collection by a merge patch (RFC 7396).
    ///
    /// - Parameter ifMatch: The required sequence of the version to be changed; `nil`: any.
    func patchCollection(_ patch: JSONObject, id: String, ifMatch: SequenceNumber?) throws -> StoredCollection

    /// Gives a Collection another id, which no other has; its Items move with it. Readers see it under the one id or the
    /// other, and followers of the changes a new Collection and the removal of the old one.
    ///
    /// - Parameter ifMatch: The required sequence of the version to be moved; `nil`: any.
    /// - Returns: The Collection as it is stored now.
    /// - Throws: `collectionExists`; `invalid` for one with more than `CatalogueEngine.movedAtMost` Items. Nothing is
    ///   changed then.
    func moveCollection(id: String, to newID: String, ifMatch: SequenceNumber?) throws -> StoredCollection

    /// What the Collections of an owner, a user or a container, hold together.
    ///
    /// Collections and Items are counted exactly, as the index has them. Bytes are those of a measurement some seconds ago
    /// and the number of Items now.
    func usage(of owner: String) throws -> OwnerUsage

    /// Removes a Collection with all its Items.
    func deleteCollection(id: String, ifMatch: SequenceNumber?) throws

    // MARK: Items

    func item(id: String, in collection: String) throws -> EncodedItem

    /// Writes an Item; parameters as for Collections.
    func putItem(
        _ json: [UInt8], id: String?, in collection: String, _ mode: WriteMode, ifMatch: SequenceNumber?
    ) throws -> (item: EncodedItem, isNew: Bool)

    /// Changes an Item by a merge patch; parameters as for Collections.
    func patchItem(
        _ patch: JSONObject, id: String, in collection: String, ifMatch: SequenceNumber?
    ) throws -> EncodedItem

    /// Writes new Items: all of them, or none when one is invalid or its id is taken; the error says which.
    func createItems(_ items: [[UInt8]], in collection: String) throws

    /// Writes those Items that can be written, in one transaction, and reports the others.
    ///
    /// - Parameter items: Each with its required id.
    func writeItems(
        _ items: [(id: String, json: [UInt8])], in collection: String, _ mode: WriteMode
    ) throws -> BulkReport

    func deleteItem(id: String, in collection: String, ifMatch: SequenceNumber?) throws

    // MARK: Search

    /// - Parameter budget: Sets the limits of the search and receives its statistics.
    func search(_ request: SearchRequest, _ budget: SearchBudget) throws -> SearchPage

    /// The plan of a search, for operators.
    func explanation(_ request: SearchRequest) throws -> JSONValue

    /// Aggregates the matching Items; the request's order and page do not matter.
    ///
    /// - Returns: One result per aggregation, in their order.
    func aggregate(
        _ request: SearchRequest, _ aggregations: [Aggregation], _ budget: SearchBudget
    ) throws -> [AggregationResult]

    /// The time range of a Collection's Items: `datetime`, or `start_datetime` where that is null. `nil` if there are
    /// none. The bounds may be those of recently replaced Items.
    func itemTimes(in collection: String) throws -> ClosedRange<Timestamp>?

    /// The number of Items from each bound (inclusive) to the next (exclusive), by the same times.
    ///
    /// - Parameter bounds: Ascending.
    /// - Returns: One number fewer than there are bounds.
    func itemCounts(in collection: String, between bounds: [Timestamp]) throws -> [Int]

    /// The ids of the first Items by time and id, from a position on.
    ///
    /// - Parameter end: Exclusive.
    func itemIDs(
        in collection: String, from first: (time: Timestamp, id: String), before end: Timestamp, limit: Int
    ) throws -> [(time: Timestamp, id: String)]

    /// The properties that Items have, by name.
    ///
    /// - Parameter collection: `nil`: of all Collections together.
    func queryables(collection: String?) throws -> [PropertyProfile]

    /// What values properties of the Items have.
    ///
    /// - Parameters:
    ///   - names: Of members of `properties`.
    ///   - collections: Ids; those of no Collection do not matter. `nil`: all.
    /// - Returns: In the order of the names; `nil`: another process owns the index.
    func values(ofProperties names: [String], in collections: [String]?) throws -> [PropertyValues]?

    // MARK: State

    func status() throws -> CatalogueStatus
}

extension CatalogueService {
    /// A search without limits.
    public func search(_ request: SearchRequest) throws -> SearchPage { try search(request, SearchBudget()) }

    /// A search among Collections without limits.
    public func searchCollections(_ request: SearchRequest) throws -> CollectionPage {
        try searchCollections(request, SearchBudget())
    }
}

/// A precondition of a write.
public enum WriteMode: Sendable, Hashable {
    /// No object has that id.
    case create
    /// An object has that id.
    case replace
    /// Either.
    case upsert
}

/// The results of Items that were written together.
public struct BulkReport: Sendable {
    public struct Reject: Sendable {
        public let id: String
        public let error: CatalogueError
    }

    public var created = 0
    public var replaced = 0
    /// Number of Items that existed already, byte by byte.
    public var unchanged = 0
    public var rejects: [Reject] = []

    public init() {}
}

/// An Item as JSON text, ready for a response except for the links that the API generates.
public struct EncodedItem: Sendable, Hashable {
    public let collection: String
    public let id: String
    /// Sequence of the Item's last write.
    public let sequence: SequenceNumber
    /// Minified, in UTF-8, without the links `self`, `parent`, `collection` and `root`.
    public let json: [UInt8]
    /// The position of these links: just behind the `[` of `"links":[`. A `]` there means that there are no other
    /// links.
    public let linksOffset: Int

    public init(collection: String, id: String, sequence: SequenceNumber, json: [UInt8], linksOffset: Int) {
        self.collection = collection
        self.id = id
        self.sequence = sequence
        self.json = json
        self.linksOffset = linksOffset
    }
}

/// A page of search results.
public struct SearchPage: Sendable, Hashable {
    public var items: [EncodedItem]
    /// All matching Items, on all pages.
    public var matched: Int
    /// Start of the next page; `nil`: this is the last.
    public var next: SearchCursor?
    /// Start of the previous page; `nil`: this is the first.
    public var previous: SearchCursor?
    /// Items of the page that are damaged, so that it lacks them, and ones of which the filter cannot be decided.
    /// `matched` counts the former.
    public var damaged: [ItemName]

    public init(
        items: [EncodedItem], matched: Int, next: SearchCursor? = nil, previous: SearchCursor? = nil,
        damaged: [ItemName] = []
    ) {
        self.damaged = damaged
        self.items = items
        self.matched = matched
        self.next = next
        self.previous = previous
    }
}

/// The values of one property of the Items.
public struct PropertyProfile: Sendable, Hashable {
    public enum ValueType: String, Sendable, Hashable, CaseIterable {
        case number, integer, string, timestamp, bool, array, object
    }

    /// The name as used in a filter: a member of `properties`.
    public let name: String
    /// The types that occur. `integer` is only listed if no other number occurs.
    public let types: Set<ValueType>
    /// The minimum and maximum, if all values are numbers or all are timestamps.
    public let minimum, maximum: JSONValue?
    /// All distinct values if there are few; else `nil`.
    public let values: [JSONValue]?

    public init(
        name: String, types: Set<ValueType>, minimum: JSONValue? = nil, maximum: JSONValue? = nil,
        values: [JSONValue]? = nil
    ) {
        self.name = name
        self.types = types
        self.minimum = minimum
        self.maximum = maximum
        self.values = values
    }
}

/// The state of a catalogue.
public struct CatalogueStatus: Sendable, Hashable {
    public struct CollectionStatus: Sendable, Hashable {
        public let id: String
        public let itemCount: Int

        public init(id: String, itemCount: Int) {
            self.id = id
            self.itemCount = itemCount
        }
    }

    /// By id.
    public let collections: [CollectionStatus]
    /// Sequence of the newest change.
    public let lastSequence: SequenceNumber
    /// The last change visible to searches; equal to `lastSequence` when the index is up to date.
    public let indexedSequence: SequenceNumber
    public let byteCount: Int
    /// `nil` without an index.
    public let index: IndexSummary?
    /// Damaged versions of Items and Collections that this process has met.
    public let damagedRowCount: Int
    /// Damaged files of the index that this process has met.
    public let damagedFileCount: Int
    /// Items that are stored but not searched, since they could not be read when the index was built.
    public let missingItemCount: Int

    public struct IndexSummary: Sendable, Hashable {
        public let segmentCount: Int
        /// Rows of Items that were replaced or removed, awaiting a merge.
        public let deadRowCount: Int
        public let fileByteCount: Int
        public let memoryByteCount: Int
    }

    public init(
        collections: [CollectionStatus], lastSequence: SequenceNumber, indexedSequence: SequenceNumber, byteCount: Int,
        index: IndexSummary? = nil, damagedRowCount: Int = 0, damagedFileCount: Int = 0, missingItemCount: Int = 0
    ) {
        self.damagedRowCount = damagedRowCount
        self.damagedFileCount = damagedFileCount
        self.missingItemCount = missingItemCount
        self.collections = collections
        self.lastSequence = lastSequence
        self.indexedSequence = indexedSequence
        self.byteCount = byteCount
        self.index = index
    }
}

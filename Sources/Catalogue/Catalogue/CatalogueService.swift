public import JSON
public import STACAPI
public import Temporal

/// The catalogue as interfaces use it: Collections and Items by id, and search.
///
/// Calls block the calling thread, may come from any number of threads at once, and throw `CatalogueError`.
public protocol CatalogueService: Sendable {
    /// The catalogue as somebody may see and write it. What they cannot see does not exist: not in searches, counts, lists,
    /// queryables or status, and errors about it are those about what is not there.
    func view(_ visibility: Visibility) -> any CatalogueService

    // MARK: Collections

    /// All Collections, by id.
    func collections() throws -> [StoredCollection]
    func collection(id: String) throws -> StoredCollection?

    /// Collections, as `described` gives them, whose extents, texts and members meet a request; `collections` in it
    /// plays no part. `geometry` and `datetime` of filters and sort keys are a Collection's extent.
    ///
    /// - Throws: `CQL2Error` for a filter that cannot be evaluated.
    func searchCollections(_ request: SearchRequest) throws -> CollectionPage

    /// A Collection with the members that its Items determine: see `CollectionDescription`. Where another process keeps
    /// the index, as it is stored.
    func described(_ collection: StoredCollection) throws -> StoredCollection

    /// Writes a Collection.
    ///
    /// - Parameters:
    ///   - json: The Collection as JSON text; links that an API generates are taken out.
    ///   - id: What the Collection's `id` must be; `nil`: whatever it is.
    ///   - ifMatch: The sequence that the version to be replaced must have; `nil`: any.
    func putCollection(
        _ json: [UInt8], id: String?, _ mode: WriteMode, ifMatch: SequenceNumber?
    ) throws -> (collection: StoredCollection, isNew: Bool)

    /// Writes new Collections: all of them, or none when one is not valid or its id is taken; the error says which.
    func createCollections(_ collections: [[UInt8]]) throws

    /// Changes a Collection by a merge patch (RFC 7396).
    ///
    /// - Parameter ifMatch: The sequence that the version to be changed must have; `nil`: any.
    func patchCollection(_ patch: JSONObject, id: String, ifMatch: SequenceNumber?) throws -> StoredCollection

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

    /// Writes new Items: all of them, or none when one is not valid or its id is taken; the error says which.
    func createItems(_ items: [[UInt8]], in collection: String) throws

    /// Writes those Items that can be written, in one transaction, and reports the others.
    ///
    /// - Parameter items: Each with the id that it must have.
    func writeItems(
        _ items: [(id: String, json: [UInt8])], in collection: String, _ mode: WriteMode
    ) throws -> BulkReport

    func deleteItem(id: String, in collection: String, ifMatch: SequenceNumber?) throws

    // MARK: Search

    /// - Parameter budget: Says what it may cost, and is told what it has cost.
    func search(_ request: SearchRequest, _ budget: SearchBudget) throws -> SearchPage

    /// How a search would go about it, for operators.
    func explanation(_ request: SearchRequest) throws -> JSONValue

    /// What the Items that match come to; what a request says of order and pages does not matter.
    ///
    /// - Returns: As many results as aggregations, in their order.
    func aggregate(
        _ request: SearchRequest, _ aggregations: [Aggregation], _ budget: SearchBudget
    ) throws -> [AggregationResult]

    /// Between which times a Collection's Items lie: `datetime`, or `start_datetime` where that is null. `nil` where there
    /// are none. The bounds may be those of Items that have just been replaced.
    func itemTimes(in collection: String) throws -> ClosedRange<Timestamp>?

    /// How many Items there are from each bound up to the next, by the same times.
    ///
    /// - Parameter bounds: Ascending.
    /// - Returns: One number less than there are bounds.
    func itemCounts(in collection: String, between bounds: [Timestamp]) throws -> [Int]

    /// The ids of the first Items by time and id, from a place on.
    ///
    /// - Parameter end: Items at that time are not among them.
    func itemIDs(
        in collection: String, from first: (time: Timestamp, id: String), before end: Timestamp, limit: Int
    ) throws -> [(time: Timestamp, id: String)]

    /// The properties that Items have, by name.
    ///
    /// - Parameter collection: `nil`: of all Collections together.
    func queryables(collection: String?) throws -> [PropertyProfile]

    // MARK: State

    func status() throws -> CatalogueStatus
}

extension CatalogueService {
    /// A search that may cost whatever it does.
    public func search(_ request: SearchRequest) throws -> SearchPage { try search(request, SearchBudget()) }
}

/// What a write expects to find.
public enum WriteMode: Sendable, Hashable {
    /// Nothing under that id.
    case create
    /// Something under that id.
    case replace
    /// Either.
    case upsert
}

/// What has become of Items that were written together.
public struct BulkReport: Sendable {
    public struct Reject: Sendable {
        public let id: String
        public let error: CatalogueError
    }

    public var created = 0
    public var replaced = 0
    /// Those that were there before, byte by byte.
    public var unchanged = 0
    public var rejects: [Reject] = []

    public init() {}
}

/// An Item as JSON text, ready for a response but for the links that the API generates.
public struct EncodedItem: Sendable, Hashable {
    public let collection: String
    public let id: String
    /// Of its last write.
    public let sequence: SequenceNumber
    /// Minified, in UTF-8, without the links `self`, `parent`, `collection` and `root`.
    public let json: [UInt8]
    /// Where these belong: just behind the `[` of `"links":[`. A `]` there means that there are no other links.
    public let linksOffset: Int

    public init(collection: String, id: String, sequence: SequenceNumber, json: [UInt8], linksOffset: Int) {
        self.collection = collection
        self.id = id
        self.sequence = sequence
        self.json = json
        self.linksOffset = linksOffset
    }
}

/// A page of what a search has found.
public struct SearchPage: Sendable, Hashable {
    public var items: [EncodedItem]
    /// All Items that match, on whatever page.
    public var matched: Int
    /// Where the page after this one starts; `nil`: this is the last.
    public var next: SearchCursor?
    /// Where the page before this one starts; `nil`: this is the first.
    public var previous: SearchCursor?

    public init(items: [EncodedItem], matched: Int, next: SearchCursor? = nil, previous: SearchCursor? = nil) {
        self.items = items
        self.matched = matched
        self.next = next
        self.previous = previous
    }
}

/// What Items have under one name.
public struct PropertyProfile: Sendable, Hashable {
    public enum ValueType: String, Sendable, Hashable, CaseIterable {
        case number, integer, string, timestamp, bool, array, object
    }

    /// As in a filter: a member of `properties`.
    public let name: String
    /// The types that occur. `integer` stands for itself only where no other number occurs.
    public let types: Set<ValueType>
    /// The least and the greatest value, where all values are numbers or all are timestamps.
    public let minimum, maximum: JSONValue?
    /// All values that occur, where they are few; else `nil`.
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

/// How a catalogue is doing.
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
    /// Of the newest change.
    public let lastSequence: SequenceNumber
    /// Up to which change searches see; equal to `lastSequence` when nothing is behind.
    public let indexedSequence: SequenceNumber
    public let byteCount: Int
    /// `nil` where another process keeps it.
    public let index: IndexSummary?

    public struct IndexSummary: Sendable, Hashable {
        public let segmentCount: Int
        /// Rows of Items that were replaced or removed, and wait for a merge.
        public let deadRowCount: Int
        public let fileByteCount: Int
        public let memoryByteCount: Int
    }

    public init(
        collections: [CollectionStatus], lastSequence: SequenceNumber, indexedSequence: SequenceNumber, byteCount: Int,
        index: IndexSummary? = nil
    ) {
        self.collections = collections
        self.lastSequence = lastSequence
        self.indexedSequence = indexedSequence
        self.byteCount = byteCount
        self.index = index
    }
}

import JSON
import STACAPI
import Temporal

/// A catalogue with one caller's access rights: objects that the caller cannot see do not exist.
struct CatalogueView: CatalogueService {
    let engine: CatalogueEngine
    let visibility: Visibility

    func view(_ visibility: Visibility) -> any CatalogueService {
        CatalogueView(engine: engine, visibility: visibility)
    }

    private func requireReadable(_ id: String) throws {
        guard visibility.canRead(id) else { throw CatalogueError.noSuchCollection(id) }
    }

    private func requireWritable(_ id: String) throws {
        try requireReadable(id)
        guard visibility.canWrite(id) else { throw CatalogueError.notWritable(id) }
    }

    /// The existence of a Collection is hidden from callers who may not write it.
    private func requireCreatable(_ json: [UInt8]) throws {
        // A text without an id passes: the write then reports the fault.
        guard let id = try? JSONReader().read(json, { $0.member("id")?.string }), !visibility.canWrite(id) else {
            return
        }
        throw CatalogueError.notWritable(id)
    }

    /// The same search restricted to the visible Collections: hidden ones are not filtered out afterwards.
    private func restricted(_ request: SearchRequest) -> SearchRequest {
        var request = request
        request.visible = visibility.readable
        return request
    }

    // MARK: Collections

    func collections() throws -> [StoredCollection] {
        try engine.collections().filter { visibility.canRead($0.id) }
    }

    func collection(id: String) throws -> StoredCollection? {
        visibility.canRead(id) ? try engine.collection(id: id) : nil
    }

    func hasCollection(id: String) throws -> Bool {
        try visibility.canRead(id) && engine.hasCollection(id: id)
    }

    func searchCollections(_ request: SearchRequest, _ budget: SearchBudget) throws -> CollectionPage {
        try engine.searchCollections(request, budget, among: visibility.readable)
    }

    func described(_ collection: StoredCollection) throws -> StoredCollection {
        try requireReadable(collection.id)
        return try engine.described(collection)
    }

    func putCollection(
        _ json: [UInt8], id: String?, _ mode: WriteMode, ifMatch: SequenceNumber?
    ) throws -> (collection: StoredCollection, isNew: Bool) {
        if mode == .replace, let id { try requireWritable(id) }
        try requireCreatable(json)
        return try engine.putCollection(json, id: id, mode, ifMatch: ifMatch)
    }

    func createCollections(_ collections: [[UInt8]]) throws {
        for collection in collections { try requireCreatable(collection) }
        try engine.createCollections(collections)
    }

    func patchCollection(_ patch: JSONObject, id: String, ifMatch: SequenceNumber?) throws -> StoredCollection {
        try requireWritable(id)
        return try engine.patchCollection(patch, id: id, ifMatch: ifMatch)
    }

    func moveCollection(id: String, to newID: String, ifMatch: SequenceNumber?) throws -> StoredCollection {
        try requireWritable(id)
        guard visibility.canWrite(newID) else { throw CatalogueError.notWritable(newID) }
        return try engine.moveCollection(id: id, to: newID, ifMatch: ifMatch)
    }

    func usage(of owner: String) throws -> OwnerUsage {
        // Of others, not even that there is one.
        guard visibility.canRead(owner + ".") else { return OwnerUsage() }
        return try engine.usage(of: owner)
    }

    func deleteCollection(id: String, ifMatch: SequenceNumber?) throws {
        try requireWritable(id)
        try engine.deleteCollection(id: id, ifMatch: ifMatch)
    }

    // MARK: Items

    func item(id: String, in collection: String) throws -> EncodedItem {
        try requireReadable(collection)
        return try engine.item(id: id, in: collection)
    }

    func putItem(
        _ json: [UInt8], id: String?, in collection: String, _ mode: WriteMode, ifMatch: SequenceNumber?
    ) throws -> (item: EncodedItem, isNew: Bool) {
        try requireWritable(collection)
        return try engine.putItem(json, id: id, in: collection, mode, ifMatch: ifMatch)
    }

    func patchItem(
        _ patch: JSONObject, id: String, in collection: String, ifMatch: SequenceNumber?
    ) throws -> EncodedItem {
        try requireWritable(collection)
        return try engine.patchItem(patch, id: id, in: collection, ifMatch: ifMatch)
    }

    func createItems(_ items: [[UInt8]], in collection: String) throws {
        try requireWritable(collection)
        try engine.createItems(items, in: collection)
    }

    func writeItems(
        _ items: [(id: String, json: [UInt8])], in collection: String, _ mode: WriteMode
    ) throws -> BulkReport {
        try requireWritable(collection)
        return try engine.writeItems(items, in: collection, mode)
    }

    func deleteItem(id: String, in collection: String, ifMatch: SequenceNumber?) throws {
        try requireWritable(collection)
        try engine.deleteItem(id: id, in: collection, ifMatch: ifMatch)
    }

    // MARK: Search

    func search(_ request: SearchRequest, _ budget: SearchBudget) throws -> SearchPage {
        try engine.search(restricted(request), budget)
    }

    func explanation(_ request: SearchRequest) throws -> JSONValue {
        try engine.explanation(restricted(request))
    }

    func aggregate(
        _ request: SearchRequest, _ aggregations: [Aggregation], _ budget: SearchBudget
    ) throws -> [AggregationResult] {
        try engine.aggregate(restricted(request), aggregations, budget)
    }

    func itemTimes(in collection: String) throws -> ClosedRange<Timestamp>? {
        try requireReadable(collection)
        return try engine.itemTimes(in: collection)
    }

    func itemCounts(in collection: String, between bounds: [Timestamp]) throws -> [Int] {
        try requireReadable(collection)
        return try engine.itemCounts(in: collection, between: bounds)
    }

    func itemIDs(
        in collection: String, from first: (time: Timestamp, id: String), before end: Timestamp, limit: Int
    ) throws -> [(time: Timestamp, id: String)] {
        try requireReadable(collection)
        return try engine.itemIDs(in: collection, from: first, before: end, limit: limit)
    }

    func queryables(collection: String?) throws -> [PropertyProfile] {
        if let collection { try requireReadable(collection) }
        return try engine.queryables(collection: collection, among: visibility.readable)
    }

    func values(ofProperties names: [String], in collections: [String]?) throws -> [PropertyValues]? {
        try engine.values(ofProperties: names, in: collections, among: visibility.readable)
    }

    // MARK: State

    func status() throws -> CatalogueStatus {
        let status = try engine.status()
        guard !visibility.readable.hasAll else { return status }
        // File sizes and the index's progress would reveal hidden Collections.
        return CatalogueStatus(
            collections: status.collections.filter { visibility.canRead($0.id) }, lastSequence: 0, indexedSequence: 0,
            byteCount: 0)
    }
}

import Geo
import JSON
import STAC
public import STACAPI
import SearchIndex
import Synchronization

extension CatalogueEngine {
    public func collections() throws -> [StoredCollection] {
        try collectionCache.collections(of: store)
    }

    public func searchCollections(_ request: SearchRequest, _ budget: SearchBudget) throws -> CollectionPage {
        try searchCollections(request, budget, among: .all)
    }

    /// - Parameter visible: The Collections that exist for the caller.
    func searchCollections(
        _ request: SearchRequest, _ budget: SearchBudget, among visible: CollectionSet
    ) throws -> CollectionPage {
        let applied = index?.appliedSequence ?? 0
        var (entries, damaged) = try collectionCache.entries(of: store, appliedSequence: applied, described: described)
        if !visible.hasAll {
            entries = entries.filter { visible.contains($0.stored.id) }
            damaged = damaged.filter { visible.contains($0.id) }
        }
        damaged.forEach(damage.record)
        var page = try Interruption.when(budget.isCancelled) { try CollectionSearch(request, budget).page(of: entries) }
        page.damaged = damaged.map(\.id)
        return page
    }

    public func collection(id: String) throws -> StoredCollection? { try store.collection(id: id) }

    public func hasCollection(id: String) throws -> Bool {
        if let index, index.hasItems(collection: id) { return true }
        return try store.collection(id: id) != nil
    }

    public func described(_ collection: StoredCollection) throws -> StoredCollection {
        guard !collection.isDamaged else {
            damage.record(collection)
            throw CatalogueError(
                .storeDamaged, "The Collection \"\(collection.id)\" is damaged in the catalogue and cannot be read.")
        }
        guard index != nil else { return collection }
        let (summary, lastChange) = try withIndex { try $0.summary(of: collection.number) }
        let key = DescribedCollection.Key(sequence: collection.sequence, lastChange: lastChange)
        if let known = descriptions.withLock({ $0[collection.number] }), known.key == key { return known.collection }
        let body = CollectionDescription(summary).added(
            to: try JSONValue(parsing: collection.body, by: .rfc8259).object ?? [:])
        let described = StoredCollection(
            number: collection.number, id: collection.id, sequence: collection.sequence,
            body: JSONValue.object(body).serialized())
        descriptions.withLock { $0[collection.number] = DescribedCollection(key: key, collection: described) }
        return described
    }

    public func putCollection(
        _ json: [UInt8], id: String?, _ mode: WriteMode, ifMatch: SequenceNumber?
    ) throws -> (collection: StoredCollection, isNew: Bool) {
        let (givenID, given) = try Self.prepareCollection(json)
        if let id, id != givenID {
            throw CatalogueError(.invalid, "id: is \"\(givenID)\", but the Collection to be written is \"\(id)\"")
        }
        let result = try store.write { try Self.write(given, id: givenID, mode, ifMatch: ifMatch, in: $0) }
        publishWritten()
        return result
    }

    public func createCollections(_ collections: [[UInt8]]) throws {
        /// Adds to an error which of them it concerns.
        func at<Result>(_ position: Int, _ body: () throws -> Result) throws -> Result {
            do {
                return try body()
            } catch let error as CatalogueError {
                throw CatalogueError(error.code, "collections[\(position)]: \(error.message)", cause: error.cause)
            }
        }
        let prepared = try collections.enumerated().map { position, json in
            try at(position) { try Self.prepareCollection(json) }
        }
        try store.write { transaction in
            for (position, (id, given)) in prepared.enumerated() {
                _ = try at(position) { try Self.write(given, id: id, .create, ifMatch: nil, in: transaction) }
            }
        }
        publishWritten()
    }

    private static func write(
        _ given: JSONObject, id: String, _ mode: WriteMode, ifMatch: SequenceNumber?,
        in transaction: any ItemStoreTransaction
    ) throws -> (collection: StoredCollection, isNew: Bool) {
        let existing = try transaction.collection(id: id)
        switch mode {
        case .create where existing != nil:
            throw CatalogueError(.collectionExists, "There is a Collection \"\(id)\" already.")
        case .replace where existing == nil:
            throw CatalogueError(.noSuchCollection, "There is no Collection \"\(id)\".")
        default: break
        }
        if let ifMatch, existing?.sequence != ifMatch {
            throw CatalogueError(.preconditionFailed, "The Collection \"\(id)\" has been changed in the meantime.")
        }
        let stored = try existing.flatMap {
            $0.isDamaged ? nil : try JSONValue(parsing: $0.body, by: .rfc8259).object ?? [:]
        }
        let body = JSONValue.object(CollectionDescription.removed(from: given, stored)).serialized()
        if let existing, existing.body == body { return (existing, false) }
        return (try transaction.putCollection(id: id, body: body), existing == nil)
    }

    public func deleteCollection(id: String, ifMatch: SequenceNumber?) throws {
        _ = try store.write { transaction in
            guard let existing = try transaction.collection(id: id) else {
                throw CatalogueError(.noSuchCollection, "There is no Collection \"\(id)\".")
            }
            if let ifMatch, existing.sequence != ifMatch {
                throw CatalogueError(.preconditionFailed, "The Collection \"\(id)\" has been changed in the meantime.")
            }
            return try transaction.removeCollection(existing.number)
        }
        publishWritten()
    }

    /// Links of a Collection that an API generates.
    private static let generatedRelations: Set<String> = ["self", "root", "parent", "items"]

    /// URL endings of links that their relation alone does not identify.
    private static let generatedReferences = [
        "child": "/browse", "aggregate": "/aggregate", "aggregations": "/aggregations",
        "http://www.opengis.net/def/rel/ogc/1.0/queryables": "/queryables",
        "http://www.opengis.net/def/rel/ogc/1.0/sortables": "/sortables",
    ]

    private static func isGenerated(_ link: JSONValue) -> Bool {
        let relation = link["rel"]?.string ?? ""
        if generatedRelations.contains(relation) { return true }
        guard let ending = generatedReferences[relation], let reference = link["href"]?.string else { return false }
        return reference.contains("/collections/") && reference.hasSuffix(ending)
    }

    /// A valid Collection's id, and its members without generated links.
    private static func prepareCollection(_ json: [UInt8]) throws -> (id: String, JSONObject) {
        do {
            return try JSONReader().read(json) { element in
                if let issue = CollectionValidator().firstIssue(in: element) { throw issue }
                var collection = element.value().object ?? [:]
                let links = collection["links"]?.array ?? []
                collection["links"] = .array(links.filter { !isGenerated($0) })
                // Those from before 1.0.0-rc.1 have none, and clients look for it.
                if collection["type"] == nil { collection["type"] = "Collection" }
                return (collection["id"]?.string ?? "", collection)
            }
        } catch {
            guard let fault = InputFault(error) else { throw error }
            throw CatalogueError(.invalid, fault.description)
        }
    }
}

/// A Collection with its derived members, as of one state of Collections and Items.
struct DescribedCollection: Sendable {
    struct Key: Sendable, Hashable {
        let sequence: SequenceNumber
        /// The sequence of the last change to any Item of the Collection.
        let lastChange: SequenceNumber
    }

    let key: Key
    let collection: StoredCollection
}

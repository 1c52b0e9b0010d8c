import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore

extension STACServer {
    func item(_ request: STACRequest) throws -> PreparedResponse {
        let (collection, id) = (try request.collectionID, try request.itemID)
        return PreparedResponse(isQuick: true) {
            let item = try request.catalogue.item(id: id, in: collection)
            let tag = tag(item, request)
            if request.hasCurrent(tag) { return notModified(tag) }
            return response(request, item, .ok)
        }
    }

    /// An Item, or several as FeatureCollection.
    func createItems(_ request: STACRequest) throws -> EdgeResponse {
        let collection = try request.collectionID
        guard let features = try features(request.body) else {
            let body = try stored(request.body, request, id: nil, in: collection)
            let (item, _) = try adding(1, byteCount: body.count, to: collection, request) {
                try request.catalogue.putItem(body, id: nil, in: collection, .create, ifMatch: nil)
            }
            return response(request, item, .created, location: request.location.item(item.id, in: collection))
        }
        let bodies = try features.map { try stored($0, request, id: nil, in: collection) }
        let byteCount = bodies.reduce(0) { $0 + $1.count }
        try adding(bodies.count, byteCount: byteCount, to: collection, request) {
            try request.catalogue.createItems(bodies, in: collection)
        }
        return response(request, ["created": JSONValue(features.count)], status: .created)
    }

    /// The Items of a FeatureCollection; `nil` when it is a Feature.
    private func features(_ body: [UInt8]) throws -> [[UInt8]]? {
        try JSONReader().read(body) { element in
            switch element.member("type")?.string {
            case "Feature": return nil
            case "FeatureCollection":
                guard let features = element.member("features"), features.kind == .array else {
                    throw Problem.bodyMustBe("a FeatureCollection with an array \"features\"")
                }
                return features.elements.map { Array($0.rawBytes) }
            default: throw Problem.bodyMustBe("an Item (\"type\": \"Feature\") or a FeatureCollection")
            }
        }
    }

    /// Writes the valid Items of `{"items": {id: Item, …}, "method": "insert" | "upsert"}`, as stac-fastapi does; the
    /// response reports the outcome of each.
    func writeItems(_ request: STACRequest) throws -> EdgeResponse {
        let collection = try request.collectionID
        let (items, mode) = try bulk(request.body)
        let bodies = try items.map { id, json in
            (id: id, json: try stored(json, request, id: mode == .upsert ? id : nil, in: collection))
        }
        let byteCount = bodies.reduce(0) { $0 + $1.json.count }
        let report = try adding(bodies.count, byteCount: byteCount, to: collection, request) {
            try request.catalogue.writeItems(bodies, in: collection, mode)
        }
        let rejects = report.rejects.map { reject -> JSONValue in
            let problem = Problem(reject.error as any Error)
            return [
                "id": .string(reject.id), "status": JSONValue(problem?.status.code ?? 500),
                "code": .string(problem?.code ?? "InternalError"), "detail": .string(reject.error.message),
            ]
        }
        return response(
            request,
            [
                "created": JSONValue(report.created), "replaced": JSONValue(report.replaced),
                "unchanged": JSONValue(report.unchanged), "rejected": .array(rejects),
            ], status: rejects.count == items.count && !items.isEmpty ? .badRequest : .ok)
    }

    private func bulk(_ body: [UInt8]) throws -> (items: [(id: String, json: [UInt8])], mode: WriteMode) {
        try JSONReader().read(body) { element in
            guard let items = element.member("items"), items.kind == .object else {
                throw Problem.bodyMustBe("an object with the member \"items\": an object of Items by their ids")
            }
            let mode: WriteMode
            switch element.member("method").map(\.string) {
            case nil, "insert": mode = .create
            case "upsert": mode = .upsert
            default: throw Problem.bodyMustBe("an object whose \"method\" is \"insert\" or \"upsert\"")
            }
            return (items.members.map { ($0.name.string ?? "", Array($0.value.rawBytes)) }, mode)
        }
    }

    func replaceItem(_ request: STACRequest) throws -> EdgeResponse {
        let (collection, id) = (try request.collectionID, try request.itemID)
        if request.mustCreate { return try createItem(request, id, collection) }
        let expected = try expectedItemVersion(request, id, collection)
        let body = try stored(request.body, request, id: id, in: collection)
        let (item, _) = try adding(0, byteCount: body.count, to: collection, request) {
            try request.catalogue.putItem(body, id: id, in: collection, .replace, ifMatch: expected)
        }
        return response(request, item, .ok)
    }

    /// A PUT that must not replace anything: what an `If-Match` names cannot be there, too.
    private func createItem(_ request: STACRequest, _ id: String, _ collection: String) throws -> EdgeResponse {
        guard request.head.headerFields.ifMatch == nil else { throw Problem.exists }
        do {
            let body = try stored(request.body, request, id: id, in: collection)
            let (item, _) = try adding(1, byteCount: body.count, to: collection, request) {
                try request.catalogue.putItem(body, id: id, in: collection, .create, ifMatch: nil)
            }
            return response(request, item, .created, location: request.location.item(item.id, in: collection))
        } catch let error as CatalogueError where error.code == .itemExists {
            throw Problem.exists
        }
    }

    func patchItem(_ request: STACRequest) throws -> EdgeResponse {
        let (collection, id) = (try request.collectionID, try request.itemID)
        let expected = try expectedItemVersion(request, id, collection)
        let patch = try stored(try request.mergePatch(), request, id: id, in: collection)
        let item = try request.catalogue.patchItem(patch, id: id, in: collection, ifMatch: expected)
        return response(request, item, .ok)
    }

    func deleteItem(_ request: STACRequest) throws -> EdgeResponse {
        let (collection, id) = (try request.collectionID, try request.itemID)
        let expected = try expectedItemVersion(request, id, collection)
        try request.catalogue.deleteItem(id: id, in: collection, ifMatch: expected)
        // The form of stac-fastapi's response, which terrapi reads.
        return response(request, ["deleted item": .string(id)])
    }

    private func expectedItemVersion(
        _ request: STACRequest, _ id: String, _ collection: String
    ) throws -> SequenceNumber? {
        func current() throws -> StoredVersion {
            StoredVersion(try request.catalogue.item(id: id, in: collection))
        }
        try request.checkNoneMatch(current: current)
        return try request.expectedVersion(current: current)
    }

    private func response(
        _ request: STACRequest, _ item: EncodedItem, _ status: HTTPResponse.Status, location: String? = nil
    ) -> EdgeResponse {
        response(
            request, ItemWriter.buffer(item, request.location, request.assets), MediaType.geoJSON, status: status,
            tag: tag(item, request), location: location)
    }

    /// Of the Item's version, and of where its hrefs point.
    private func tag(_ item: EncodedItem, _ request: STACRequest) -> EntityTag {
        let version = StoredVersion(item).tag
        guard let assets = request.assets else { return EntityTag(version) }
        return EntityTag(version, content: (assets.name ?? "").utf8)
    }
}

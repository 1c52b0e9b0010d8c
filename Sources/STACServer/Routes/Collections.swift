import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore

extension STACServer {
    /// All on one page unless `limit` is given: terrapi does not turn pages here. A page starts behind the id `token`.
    func collections(_ request: STACRequest) throws -> EdgeAnswer {
        try collections(request, as: "collections", at: request.location.collections)
    }

    /// What the landing page links to as `child`.
    func children(_ request: STACRequest) throws -> EdgeAnswer {
        try collections(request, as: "children", at: request.location.children)
    }

    private func collections(_ request: STACRequest, as name: String, at url: String) throws -> EdgeAnswer {
        let parameters = try SearchParameters(query: QueryPair.pairs(in: request.query))
        let limit = try parameters.limit(default: .max, maximum: configuration.maximumLimit)
        let all = try catalogue.collections()
        let token = try parameters.string(.token)
        let rest = token.map { token in all.drop { $0.id.utf8.lexicographicallyPrecedes(token.utf8) || $0.id == token }
        }
        let page = (rest ?? all[...]).prefix(limit)
        let location = request.location
        var links = [
            Link("self", MediaType.json, url), Link("root", MediaType.json, location.landingPage),
            Link("parent", MediaType.json, location.landingPage),
        ]
        if let last = page.last, page.endIndex < all.endIndex {
            let query = QueryPair.query([
                QueryPair(name: "limit", value: String(limit)), QueryPair(name: "token", value: last.id),
            ])
            links.append(Link("next", MediaType.json, url + "?" + query))
        }
        var output = Array("{\"\(name)\":[".utf8)
        for (index, collection) in page.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            try CollectionDocument(collection).write(location, to: &output)
        }
        output.append(contentsOf: "],\"numberMatched\":\(all.count),\"numberReturned\":\(page.count),\"links\":".utf8)
        Link.json(links).write(to: &output)
        output.append(UInt8(ascii: "}"))
        return answer(request, ByteBuffer(bytes: output), MediaType.json)
    }

    func collection(_ request: STACRequest) throws -> EdgeAnswer {
        let collection = try storedCollection(request.collectionID)
        let tag = EntityTag(collection.sequence)
        if request.hasCurrent(tag) { return notModified(tag) }
        return try answer(request, collection, .ok)
    }

    func createCollection(_ request: STACRequest) throws -> EdgeAnswer {
        let (collection, _) = try catalogue.putCollection(request.body, id: nil, .create, ifMatch: nil)
        return try answer(request, collection, .created, location: request.location.collection(collection.id))
    }

    /// With the id in the path, or in the body alone, as terrapi does.
    func replaceCollection(_ request: STACRequest) throws -> EdgeAnswer {
        let id =
            try request.hasCollection
            ? request.collectionID : JSONReader().read(request.body) { $0.member("id")?.string }
        let expected = try request.expectedVersion { try id.flatMap { try catalogue.collection(id: $0) }?.sequence }
        let (collection, _) = try catalogue.putCollection(request.body, id: id, .replace, ifMatch: expected)
        return try answer(request, collection, .ok)
    }

    func patchCollection(_ request: STACRequest) throws -> EdgeAnswer {
        let id = try request.collectionID
        let expected = try request.expectedVersion { try catalogue.collection(id: id)?.sequence }
        let collection = try catalogue.patchCollection(try request.mergePatch(), id: id, ifMatch: expected)
        return try answer(request, collection, .ok)
    }

    func deleteCollection(_ request: STACRequest) throws -> EdgeAnswer {
        let id = try request.collectionID
        let expected = try request.expectedVersion { try catalogue.collection(id: id)?.sequence }
        try catalogue.deleteCollection(id: id, ifMatch: expected)
        // What terrapi reads from stac-fastapi.
        return answer(request, ["deleted collection": .string(id)])
    }

    func storedCollection(_ id: String) throws -> StoredCollection {
        guard let collection = try catalogue.collection(id: id) else { throw Problem.noSuchCollection(id) }
        return collection
    }

    private func answer(
        _ request: STACRequest, _ collection: StoredCollection, _ status: HTTPResponse.Status, location: String? = nil
    ) throws -> EdgeAnswer {
        var output: [UInt8] = []
        try CollectionDocument(collection).write(request.location, to: &output)
        return answer(
            request, ByteBuffer(bytes: output), MediaType.json, status: status, tag: EntityTag(collection.sequence),
            location: location)
    }
}

import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore

extension STACServer {
    func collection(_ request: STACRequest) throws -> EdgeResponse {
        try LanguagePreferences.check(QueryPair.pairs(in: request.query))
        let collection = try storedCollection(request)
        return try response(request, collection, .ok)
    }

    /// A Collection, or several as `{"collections": […]}`.
    func createCollection(_ request: STACRequest) throws -> EdgeResponse {
        if let several = try several(request.body) {
            let ids = try several.compactMap { try Self.id(in: $0) }
            try creating(ids, request) {
                try request.catalogue.createCollections(several.map { tolerated($0, request) })
            }
            return response(request, ["created": JSONValue(several.count)], status: .created)
        }
        let collection = try create(request.body, id: nil, request)
        return try response(request, collection, .created, location: request.location.collection(collection.id))
    }

    private func create(_ body: [UInt8], id: String?, _ request: STACRequest) throws -> StoredCollection {
        try creating(try Self.id(in: body).map { [$0] } ?? [], request) {
            try request.catalogue.putCollection(tolerated(body, request), id: id, .create, ifMatch: nil).collection
        }
    }

    /// - Returns: `nil`: it has none, which is an error when it is written.
    private static func id(in body: [UInt8]) throws -> String? {
        try JSONReader().read(body) { $0.member("id")?.string }
    }

    private func tolerated(_ body: [UInt8], _ request: STACRequest) -> [UInt8] {
        request.isTolerant ? TolerantInput.collection(body) : body
    }

    /// The Collections of a list; `nil` when the body is one.
    private func several(_ body: [UInt8]) throws -> [[UInt8]]? {
        try JSONReader().read(body) { element in
            guard element.member("type") == nil, let list = element.member("collections") else { return nil }
            guard list.kind == .array else { throw Problem.bodyMustBe("an object whose \"collections\" is an array") }
            return list.elements.map { Array($0.rawBytes) }
        }
    }

    /// With the id in the path, or in the body alone, as terrapi does.
    func replaceCollection(_ request: STACRequest) throws -> EdgeResponse {
        let id =
            try request.hasCollection
            ? request.collectionID : Self.id(in: request.body)
        if request.mustCreate { return try createCollection(request, id) }
        let expected = try expectedCollectionVersion(request, id)
        let (collection, _) = try request.catalogue.putCollection(
            tolerated(request.body, request), id: id, .replace, ifMatch: expected)
        return try response(request, collection, .ok)
    }

    /// A PUT that must not replace anything: what an `If-Match` names cannot be there, too.
    private func createCollection(_ request: STACRequest, _ id: String?) throws -> EdgeResponse {
        guard request.head.headerFields.ifMatch == nil else { throw Problem.exists }
        do {
            let collection = try create(request.body, id: id, request)
            return try response(
                request, collection, .created, location: request.location.collection(collection.id))
        } catch let error as CatalogueError where error.code == .collectionExists {
            throw Problem.exists
        }
    }

    func expectedCollectionVersion(_ request: STACRequest, _ id: String?) throws -> SequenceNumber? {
        func current() throws -> StoredVersion? {
            try id.flatMap { try request.catalogue.collection(id: $0) }.map(StoredVersion.init)
        }
        try request.checkNoneMatch(current: current)
        return try request.expectedVersion(current: current)
    }

    func patchCollection(_ request: STACRequest) throws -> EdgeResponse {
        let id = try request.collectionID
        let expected = try expectedCollectionVersion(request, id)
        let collection = try request.catalogue.patchCollection(try request.mergePatch(), id: id, ifMatch: expected)
        return try response(request, collection, .ok)
    }

    func deleteCollection(_ request: STACRequest) throws -> EdgeResponse {
        let id = try request.collectionID
        let expected = try expectedCollectionVersion(request, id)
        try request.catalogue.deleteCollection(id: id, ifMatch: expected)
        // The form of stac-fastapi's response, which terrapi reads.
        return response(request, ["deleted collection": .string(id)])
    }

    func storedCollection(_ request: STACRequest) throws -> StoredCollection {
        let id = try request.collectionID
        guard let collection = try request.catalogue.collection(id: id) else { throw Problem.noSuchCollection(id) }
        return collection
    }

    func response(
        _ request: STACRequest, _ collection: StoredCollection, _ status: HTTPResponse.Status, location: String? = nil
    ) throws -> EdgeResponse {
        var output: [UInt8] = []
        let document = try CollectionDocument(request.catalogue.described(collection))
        document.write(request.location, to: &output)
        // Its Items decide the content, too.
        let tag = EntityTag(StoredVersion(collection).tag, content: output)
        if request.head.method == .get, request.hasCurrent(tag) { return notModified(tag) }
        var response = response(
            request, ByteBuffer(bytes: output), MediaType.json, status: status, tag: tag, location: location)
        // The author's text may be invalid as a header's value.
        if let language = document.language, HTTPField.isValidValue(language) {
            response.headers[.contentLanguage] = language
        }
        return response
    }
}

import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore
import STACAPI

/// Source: [STAC API - Collection Search 1.0.0-rc.1](https://github.com/stac-api-extensions/collection-search).
extension STACServer {
    func collections(_ request: STACRequest) throws -> EdgeResponse {
        try searchCollections(request, as: "collections", at: request.location.collections)
    }

    /// The Collections that the landing page links to as `child`.
    func children(_ request: STACRequest) throws -> EdgeResponse {
        try searchCollections(request, as: "children", at: request.location.children)
    }

    func searchCollectionsByQuery(_ request: STACRequest) throws -> EdgeResponse {
        try searchCollections(request, as: "collections", at: request.location.collectionsSearch)
    }

    /// As stac-fastapi-elasticsearch-opensearch has it: a POST on `/collections` creates a Collection.
    func searchCollectionsByBody(_ request: STACRequest) throws -> EdgeResponse {
        let body = try searchBody(request)
        let request = try self.request(request, withCuratedOf: body)
        let url = request.location.collectionsSearch
        return try searchCollections(request, SearchParameters(body: body), as: "collections", at: url) { page in
            PagingLinks.post(page.next, page.previous, MediaType.json, url, body)
        }
    }

    private func searchCollections(_ request: STACRequest, as name: String, at url: String) throws -> EdgeResponse {
        let query = try QueryPair.pairs(in: request.query)
        let whole = query.isEmpty ? url : url + "?" + QueryPair.query(query)
        return try searchCollections(request, SearchParameters(query: query), as: name, at: whole) { page in
            PagingLinks.get(page.next, page.previous, MediaType.json, url, query)
        }
    }

    private func searchCollections(
        _ request: STACRequest, _ parameters: SearchParameters, as name: String, at url: String,
        _ pagingLinks: (CollectionPage) -> [Link]
    ) throws -> EdgeResponse {
        let size = SearchRequest.PageSize(
            standard: min(Self.defaultCollectionLimit, configuration.maximumLimit),
            maximum: configuration.maximumLimit)
        let search = try SearchRequest(parameters, size, defaultOrder: [SortKey("id")])
        let fields = try parameters.fields(of: .collection)
        let page = try request.catalogue.searchCollections(search, budget(of: request))
        let location = request.location
        let links =
            [
                Link("self", MediaType.json, url), Link("root", MediaType.json, location.landingPage),
                Link("parent", MediaType.json, location.landingPage),
                Link(Relation.queryables, MediaType.schema, location.collectionsQueryables, title: "Queryables"),
                Link(Relation.sortables, MediaType.schema, location.collectionsSortables, title: "Sortables"),
            ] + pagingLinks(page)
        var output = Array("{\"\(name)\":[".utf8)
        for (index, collection) in page.collections.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if request.cancellation.isCancelled { throw SearchAborted.cancelled }
            try write(collection, fields, location, to: &output)
        }
        output.append(UInt8(ascii: "]"))
        if !page.damaged.isEmpty {
            let ids = JSONValue.array(page.damaged.map { .string($0) }).jsonText
            output.append(contentsOf: ",\"terrabyte:damaged\":\(ids)".utf8)
        }
        output.append(
            contentsOf: (",\"numberMatched\":\(page.matched),\"numberReturned\":\(page.collections.count),"
                + "\"links\":").utf8)
        Link.json(links).write(to: &output)
        output.append(UInt8(ascii: "}"))
        return response(request, ByteBuffer(bytes: output), MediaType.json)
    }

    private func write(
        _ collection: StoredCollection, _ fields: FieldSelection?, _ location: APILocation, to output: inout [UInt8]
    ) throws {
        guard let fields else { return try CollectionDocument(collection).write(location, to: &output) }
        var whole: [UInt8] = []
        try CollectionDocument(collection).write(location, to: &whole)
        fields.apply(to: try JSONValue(parsing: whole, by: .rfc8259)).write(to: &output)
    }

    /// More than any catalogue that we know has, so that clients which do not turn pages here, such as terrapi, see
    /// all; few enough for a page to be no burden.
    static let defaultCollectionLimit = 1_000
}

// MARK: - Queryables

extension STACServer {
    func collectionsQueryables(_ request: STACRequest) throws -> EdgeResponse {
        var properties = Self.collectionProperties
        properties["keywords"] = ["title": "Keywords", "type": "array", "items": ["type": "string"]]
        properties["geometry"] = ["title": "Spatial extent", "$ref": "https://geojson.org/schema/Geometry.json"]
        let url = request.location.collectionsQueryables
        return response(
            request, Self.schema("Queryables of Collections", url, nil, properties), MediaType.schema)
    }

    func collectionsSortables(_ request: STACRequest) throws -> EdgeResponse {
        let url = request.location.collectionsSortables
        return response(
            request, Self.schema("Sortables of Collections", url, nil, Self.collectionProperties), MediaType.schema)
    }

    private static let collectionProperties: JSONObject = [
        "id": ["title": "Collection id", "type": "string"], "title": ["title": "Title", "type": "string"],
        "description": ["title": "Description", "type": "string"], "license": ["title": "License", "type": "string"],
        "datetime": ["title": "Temporal extent; sorted by its start", "type": "string", "format": "date-time"],
        "start_datetime": ["title": "Start of the temporal extent", "type": "string", "format": "date-time"],
        "end_datetime": ["title": "End of the temporal extent", "type": "string", "format": "date-time"],
    ]
}

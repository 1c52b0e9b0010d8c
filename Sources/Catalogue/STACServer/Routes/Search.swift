import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import STACAPI

extension STACServer {
    var pageSize: SearchRequest.PageSize {
        SearchRequest.PageSize(standard: configuration.defaultLimit, maximum: configuration.maximumLimit)
    }

    func searchByQuery(_ request: STACRequest) throws -> PreparedResponse {
        let query = try QueryPair.pairs(in: request.query)
        let (location, parameters) = (request.location.search, try SearchParameters(query: query))
        let own = Link("self", MediaType.geoJSON, url(location, query))
        return try search(request, parameters, own) { PagingLinks.get($0, location, query) }
    }

    func searchByBody(_ request: STACRequest) throws -> PreparedResponse {
        let body = try searchBody(request)
        let location = request.location.search
        let request = try self.request(self.request(request, withAssetsOf: body), withCuratedOf: body)
        let own = Link("self", MediaType.geoJSON, location, post: body)
        return try search(request, SearchParameters(body: body), own) { PagingLinks.post($0, location, body) }
    }

    private func search(
        _ request: STACRequest, _ parameters: SearchParameters, _ own: Link,
        pagingLinks: @escaping @Sendable (SearchPage) -> [Link]
    ) throws -> PreparedResponse {
        let search = try SearchRequest(parameters, pageSize)
        let fields = try parameters.fields()
        if request.wantsLines {
            return PreparedResponse(isQuick: false) { try lines(request, search, parameters, fields) }
        }
        return PreparedResponse(isQuick: search.isQuick && !request.wantsFile, isLarge: search.isLarge) {
            let warnings = try warnings(about: search, parameters, request)
            let page = try found(by: search, request)
            if request.wantsFile { return try file(request, page, pagingLinks(page), fields, warnings) }
            let links = [Link("root", MediaType.json, request.location.landingPage), own] + pagingLinks(page)
            return try response(request, page, links, fields, warnings)
        }
    }

    /// `/collections/{collection}/items`
    func items(_ request: STACRequest) throws -> PreparedResponse {
        let id = try request.collectionID
        let query = try QueryPair.pairs(in: request.query)
        let parameters = try SearchParameters(query: query)
        let search = try SearchRequest(parameters, in: id, pageSize)
        return PreparedResponse(isQuick: false, isLarge: search.isLarge && !request.wantsLines) {
            try items(request, in: id, search, parameters, query)
        }
    }

    private func items(
        _ request: STACRequest, in id: String, _ search: SearchRequest, _ parameters: SearchParameters,
        _ query: [QueryPair]
    ) throws -> EdgeResponse {
        guard try request.catalogue.collection(id: id) != nil else { throw Problem.noSuchCollection(id) }
        if request.wantsLines { return try lines(request, search, parameters, parameters.fields()) }
        let warnings = try warnings(about: search, parameters, request)
        let page = try found(by: search, request)
        let location = request.location
        if request.wantsFile {
            let links = PagingLinks.get(page, location.items(id), query)
            return try file(request, page, links, parameters.fields(), warnings)
        }
        let links =
            [
                Link("root", MediaType.json, location.landingPage),
                Link("self", MediaType.geoJSON, url(location.items(id), query)),
                Link("collection", MediaType.json, location.collection(id)),
                Link("parent", MediaType.json, location.collection(id)),
            ] + PagingLinks.get(page, location.items(id), query)
        return try response(request, page, links, parameters.fields(), warnings)
    }

    /// All matching Items, or `limit` of them, a line each.
    private func lines(
        _ request: STACRequest, _ search: SearchRequest, _ parameters: SearchParameters, _ fields: FieldSelection?
    ) throws -> EdgeResponse {
        let limit = try parameters.limit(default: .max, maximum: .max)
        let warnings = try warnings(about: search, parameters, request)
        let isCompressed = edge.isCompressed(request.head)
        let writer = ItemWriter(request.location, fields, request.assets)
        let stream = try ItemStream(search, limit: limit, writer, isCompressed: isCompressed, request.cancellation) {
            var request = request
            request.cancellation = $1
            return try Self.whole(found(by: $0, request))
        }
        var headers: HTTPFields = [.contentType: MediaType.ndjson, .vary: "Accept, Accept-Encoding"]
        if isCompressed { headers[.contentEncoding] = "gzip" }
        headers.append(warnings)
        var response = EdgeResponse(status: .ok, headers: headers)
        response.stream = stream
        return response
    }

    /// A page as a GeoParquet file; the `next` link is in the header `Link`, where it needs no body.
    private func file(
        _ request: STACRequest, _ page: SearchPage, _ links: [Link], _ fields: FieldSelection?, _ warnings: [String]
    ) throws -> EdgeResponse {
        let page = try Self.whole(page)
        var writer = ItemWriter(request.location, fields, request.assets, request.cancellation)
        var headers: HTTPFields = [.contentType: MediaType.parquet, .vary: "Accept, Accept-Encoding"]
        headers[Self.matchedCount] = String(page.matched)
        headers[Self.returnedCount] = String(page.items.count)
        for link in links where link.post == nil {
            headers.append(HTTPField(name: Self.link, value: "<\(link.href)>; rel=\"\(link.rel)\""))
        }
        headers.append(warnings)
        let file = try ItemFile.buffer(writer.lines(page.items), request.cancellation, edge.logger)
        return EdgeResponse(status: .ok, headers: headers, body: file)
    }

    /// Neither lines nor a file can name Items that they lack.
    private static func whole(_ page: SearchPage) throws -> SearchPage {
        guard page.damaged.isEmpty else { throw CatalogueError.damaged(page.damaged) }
        return page
    }

    private static let link = HTTPField.Name("Link")!
    /// Source: [OGC API - Features - Part 1, 7.15.8 (draft 1.1)](https://docs.ogc.org/DRAFTS/17-069r5.html).
    private static let matchedCount = HTTPField.Name("OGC-NumberMatched")!
    private static let returnedCount = HTTPField.Name("OGC-NumberReturned")!

    private func response(
        _ request: STACRequest, _ page: SearchPage, _ links: [Link], _ selection: FieldSelection?, _ warnings: [String]
    ) throws -> EdgeResponse {
        let body = try ItemWriter.buffer(
            page, links, request.location, selection, request.assets, warnings: warnings, request.cancellation)
        var response = response(request, body, MediaType.geoJSON)
        response.headers.append(warnings)
        return response
    }

    private func url(_ path: String, _ query: [QueryPair]) -> String {
        query.isEmpty ? path : path + "?" + QueryPair.query(query)
    }
}

extension SearchRequest {
    /// Whether a page may take megabytes.
    fileprivate var isLarge: Bool { limit > 100 }

    /// Whether it only requests the first few Items in the order of time, which takes the index microseconds.
    fileprivate var isQuick: Bool {
        let hasCondition =
            ids != nil || area != nil || elevation != nil || datetime != nil || filter != nil || text != nil
        return !hasCondition && limit <= 20 && sortBy.first?.property ?? "datetime" == "datetime"
    }
}

import Catalogue
import HTTPEdge
import Hummingbird
import JSON
import STACAPI

extension STACServer {
    var pageSize: SearchRequest.PageSize {
        SearchRequest.PageSize(standard: configuration.standardLimit, maximum: configuration.maximumLimit)
    }

    /// Whether a search only asks for the first few Items in the order of time, which the index answers in microseconds.
    func isQuickSearch(_ request: STACRequest) -> Bool {
        guard request.body.count < 4_096, let search = try? quickSearch(request) else { return false }
        let hasCondition =
            search.ids != nil || search.area != nil || search.elevation != nil || search.datetime != nil
            || search.filter != nil
        return !hasCondition && search.limit <= 20 && search.sortBy.first?.property ?? "datetime" == "datetime"
    }

    private func quickSearch(_ request: STACRequest) throws -> SearchRequest {
        guard request.body.isEmpty else {
            let body = try JSONValue(parsing: request.body).object ?? JSONObject()
            return try SearchRequest(SearchParameters(body: body), pageSize)
        }
        return try SearchRequest(SearchParameters(query: QueryPair.pairs(in: request.request.uri.query)), pageSize)
    }

    func searchByQuery(_ request: STACRequest) throws -> Response {
        let query = try QueryPair.pairs(in: request.request.uri.query)
        let parameters = try SearchParameters(query: query)
        let page = try catalogue.search(SearchRequest(parameters, pageSize))
        let links =
            [
                Link("root", MediaType.json, request.location.landingPage),
                Link("self", MediaType.geoJSON, url(request.location.search, query)),
            ] + PagingLinks.get(page, request.location.search, query)
        return answer(request, page, links, try parameters.fields())
    }

    func searchByBody(_ request: STACRequest) throws -> Response {
        guard let body = try JSONValue(parsing: request.body).object else { throw Problem.bodyMustBe("a JSON object") }
        let parameters = SearchParameters(body: body)
        let page = try catalogue.search(SearchRequest(parameters, pageSize))
        let links =
            [
                Link("root", MediaType.json, request.location.landingPage),
                Link("self", MediaType.geoJSON, request.location.search),
            ] + PagingLinks.post(page, request.location.search, body)
        return answer(request, page, links, try parameters.fields())
    }

    /// `/collections/{collection}/items`
    func items(_ request: STACRequest) throws -> Response {
        let id = try request.collectionID
        guard try catalogue.collection(id: id) != nil else { throw Problem.noSuchCollection(id) }
        let query = try QueryPair.pairs(in: request.request.uri.query)
        let parameters = try SearchParameters(query: query)
        let page = try catalogue.search(SearchRequest(parameters, in: id, pageSize))
        let location = request.location
        let links =
            [
                Link("root", MediaType.json, location.landingPage),
                Link("self", MediaType.geoJSON, url(location.items(id), query)),
                Link("collection", MediaType.json, location.collection(id)),
                Link("parent", MediaType.json, location.collection(id)),
            ] + PagingLinks.get(page, location.items(id), query)
        return answer(request, page, links, try parameters.fields())
    }

    private func answer(
        _ request: STACRequest, _ page: SearchPage, _ links: [Link], _ selection: FieldSelection?
    ) -> Response {
        answer(request, ItemWriter.buffer(page, links, request.location, selection), MediaType.geoJSON)
    }

    private func url(_ path: String, _ query: [QueryPair]) -> String {
        query.isEmpty ? path : path + "?" + QueryPair.query(query)
    }
}

import HTTPTypes

extension APIOperation {
    /// - Parameter page: What says which page is wanted, and how.
    static func search(_ page: [APIParameter]) -> [APIOperation] {
        let parameters = [.collections] + APIParameter.conditions + page
        let body = Body(
            schema: .search,
            example: """
                {"collections": ["sentinel-2-c1-l2a"], "bbox": [10.9, 48.0, 11.9, 48.5], "limit": 5}
                """)
        let example =
            "collections=sentinel-2-c1-l2a&bbox=10.9,48.0,11.9,48.5"
            + "&datetime=2020-06-01T00:00:00Z/2020-06-30T23:59:59Z&limit=5"
        let explanation = APIResponse("How it was done", .explanation)
        return [
            APIOperation(
                method: .get, path: "/search", id: "getSearch", tag: .search, summary: "Search Items",
                detail: "Items that all conditions hold for, newest first unless sortby says otherwise. "
                    + "A request without a query may have the parameters in its body, as one by POST.",
                parameters: parameters, responses: [.items], failures: [.tooLarge],
                exampleQuery: example,
                handler: .search(query: STACServer.searchByQuery, body: STACServer.searchByBody)),
            APIOperation(
                method: .post, path: "/search", id: "postSearch", tag: .search, summary: "Search Items",
                detail: "As GET, with parameters that may be longer.", body: body, responses: [.items],
                handler: .prepared(STACServer.searchByBody)),
            APIOperation(
                method: .get, path: "/search/explain", id: "explainSearch", tag: .search, summary: "Explain a search",
                detail: "Does what a search would do, and says how it was done instead of what was found.",
                parameters: parameters, responses: [explanation], isForOperatorsOnly: true, exampleQuery: example,
                handler: .read(STACServer.explainQuery)),
            APIOperation(
                method: .post, path: "/search/explain", id: "explainSearchByBody", tag: .search,
                summary: "Explain a search", body: body, responses: [explanation], isForOperatorsOnly: true,
                handler: .read(STACServer.explainBody)),
        ]
    }
}

extension APIResponse {
    /// What matches: a page of it, or all by lines.
    static let items = APIResponse(
        "A page of Items; one to a line, without pages, where Accept says so",
        [(MediaType.geoJSON, .itemCollection), (MediaType.ndjson, nil), (MediaType.parquet, nil)])
}

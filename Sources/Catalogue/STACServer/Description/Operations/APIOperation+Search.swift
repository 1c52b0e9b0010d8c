import HTTPTypes

extension APIOperation {
    /// - Parameter page: The parameters of paging.
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
                detail: "Items that satisfy all conditions, newest first unless sortby is given. "
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
                detail: "Runs a search and returns its plan and statistics instead of the Items.",
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
    /// The matching Items: a page, or all as lines.
    static let items = APIResponse(
        "A page of Items; NDJSON of all Items, without pages, where Accept asks for it",
        [(MediaType.geoJSON, .itemCollection), (MediaType.ndjson, nil), (MediaType.parquet, nil)])
}

import JSON

extension OpenAPIDocument {
    struct Operation {
        let path: String
        let method: String
        let id: String
        let summary: String
        var parameters: [String] = []
        /// Schema of the request's body.
        var body: String?
        var bodyType = MediaType.json
        var success = "200"
        /// Schema and media type of the answer; `nil`: no body.
        var answer: (schema: String, type: String)?
        /// Another form that the answer may have.
        var otherAnswer: (schema: String, type: String)?
        /// Responses under `components`, by status.
        var failures: [String] = []
        var isWrite = false

        var json: JSONValue {
            var object: JSONObject = ["operationId": .string(id), "summary": .string(summary)]
            let names = pathParameters + parameters
            if !names.isEmpty {
                object["parameters"] = .array(
                    names.map { name -> JSONValue in ["$ref": .string("#/components/parameters/" + name)] })
            }
            if let body {
                let schema: JSONValue = ["schema": ["$ref": .string("#/components/schemas/" + body)]]
                object["requestBody"] = ["required": true, "content": .object([bodyType: schema])]
            }
            var responses: JSONObject = [success: success([answer, otherAnswer].compactMap(\.self))]
            for status in failures + (isWrite ? ["401", "403", "413", "507"] : []) + ["500", "503"] {
                responses[String(status.prefix(3))] = ["$ref": .string("#/components/responses/" + status)]
            }
            object["responses"] = .object(responses)
            if isWrite { object["security"] = [["operator": []]] }
            return .object(object)
        }

        private var pathParameters: [String] {
            ["collectionId", "itemId", "period"].filter { path.contains("{\($0)}") }
        }

        private func success(_ answers: [(schema: String, type: String)]) -> JSONValue {
            guard !answers.isEmpty else { return ["description": "Done"] }
            var content = JSONObject()
            for answer in answers {
                content[answer.type] = ["schema": ["$ref": .string("#/components/schemas/" + answer.schema)]]
            }
            return ["description": "The answer", "content": .object(content)]
        }
    }

    private static let searchParameters = [
        "bbox", "datetime", "ids", "limit", "token", "q", "query", "filter", "filter-lang", "filter-crs", "sortby",
        "fields",
    ]

    /// Parameters that say which Items match.
    private static let conditions = ["bbox", "datetime", "ids", "query", "filter", "filter-lang", "filter-crs"]

    static let operations: [Operation] = [
        Operation(
            path: "/", method: "get", id: "getLandingPage", summary: "Landing page",
            parameters: ["language"], answer: ("Catalog", MediaType.json), failures: ["400"]),
        Operation(
            path: "/conformance", method: "get", id: "getConformance", summary: "Conformance classes",
            answer: ("Conformance", MediaType.json)),
        Operation(
            path: "/api", method: "get", id: "getDescription", summary: "This description",
            answer: ("Object", MediaType.openAPI)),
        Operation(
            path: "/children", method: "get", id: "getChildren",
            summary: "Collections as children of the landing page", parameters: searchParameters,
            answer: ("Children", MediaType.json), failures: ["400"]),
        Operation(
            path: "/queryables", method: "get", id: "getQueryables", summary: "What filters can be about",
            answer: ("Object", MediaType.schema)),
        Operation(
            path: "/sortables", method: "get", id: "getSortables", summary: "What Items can be sorted by",
            answer: ("Object", MediaType.schema)),
        Operation(
            path: "/search", method: "get", id: "getSearch", summary: "Search Items",
            parameters: ["collections", "intersects"] + searchParameters, answer: ("ItemCollection", MediaType.geoJSON),
            failures: ["400"]),
        Operation(
            path: "/search", method: "post", id: "postSearch", summary: "Search Items", body: "Search",
            answer: ("ItemCollection", MediaType.geoJSON), failures: ["400", "413"]),
        Operation(
            path: "/aggregate", method: "get", id: "getAggregate", summary: "Aggregate Items",
            parameters: ["aggregations", "collections", "intersects"] + conditions,
            answer: ("AggregationCollection", MediaType.json), failures: ["400"]),
        Operation(
            path: "/aggregate", method: "post", id: "postAggregate", summary: "Aggregate Items", body: "Aggregate",
            answer: ("AggregationCollection", MediaType.json), failures: ["400", "413"]),
        Operation(
            path: "/aggregations", method: "get", id: "getAggregations", summary: "What can be aggregated",
            answer: ("AggregationCollection", MediaType.json)),
        Operation(
            path: "/collections", method: "get", id: "getCollections",
            summary: "Collections; up to 1,000 on a page unless limit is given", parameters: searchParameters,
            answer: ("Collections", MediaType.json), failures: ["400"]),
        Operation(
            path: "/collections-search", method: "get", id: "getCollectionsSearch", summary: "Search Collections",
            parameters: searchParameters, answer: ("Collections", MediaType.json), failures: ["400"]),
        Operation(
            path: "/collections-search", method: "post", id: "postCollectionsSearch", summary: "Search Collections",
            body: "Search", answer: ("Collections", MediaType.json), failures: ["400", "413"]),
        Operation(
            path: "/collections-queryables", method: "get", id: "getCollectionsQueryables",
            summary: "What filters on Collections can be about", answer: ("Object", MediaType.schema)),
        Operation(
            path: "/collections-sortables", method: "get", id: "getCollectionsSortables",
            summary: "What Collections can be sorted by", answer: ("Object", MediaType.schema)),
        Operation(
            path: "/collections", method: "post", id: "createCollection", summary: "Create a Collection",
            body: "Collection", success: "201", answer: ("Collection", MediaType.json), failures: ["400", "409"],
            isWrite: true),
        Operation(
            path: "/collections", method: "put", id: "replaceCollectionByBody",
            summary: "Replace the Collection with the id in the body", parameters: ["If-Match"], body: "Collection",
            answer: ("Collection", MediaType.json), failures: ["400", "404", "412"], isWrite: true),
        Operation(
            path: "/collections/{collectionId}", method: "get", id: "getCollection", summary: "A Collection",
            parameters: ["If-None-Match", "language"], answer: ("Collection", MediaType.json),
            failures: ["304", "400", "404"]),
        Operation(
            path: "/collections/{collectionId}", method: "put", id: "replaceCollection",
            summary: "Replace a Collection",
            parameters: ["If-Match"], body: "Collection", answer: ("Collection", MediaType.json),
            failures: ["400", "404", "412"], isWrite: true),
        Operation(
            path: "/collections/{collectionId}", method: "patch", id: "patchCollection",
            summary: "Change a Collection by a merge patch", parameters: ["If-Match"], body: "Object",
            bodyType: MediaType.mergePatch, answer: ("Collection", MediaType.json),
            failures: ["400", "404", "412", "415"], isWrite: true),
        Operation(
            path: "/collections/{collectionId}", method: "delete", id: "deleteCollection",
            summary: "Delete a Collection with all its Items", parameters: ["If-Match"],
            answer: ("Object", MediaType.json), failures: ["404", "412"], isWrite: true),
        Operation(
            path: "/collections/{collectionId}/queryables", method: "get", id: "getCollectionQueryables",
            summary: "What filters on a Collection's Items can be about", answer: ("Object", MediaType.schema),
            failures: ["404"]),
        Operation(
            path: "/collections/{collectionId}/sortables", method: "get", id: "getCollectionSortables",
            summary: "What a Collection's Items can be sorted by", answer: ("Object", MediaType.schema),
            failures: ["404"]),
        Operation(
            path: "/collections/{collectionId}/aggregate", method: "get", id: "getCollectionAggregate",
            summary: "Aggregate a Collection's Items", parameters: ["aggregations", "intersects"] + conditions,
            answer: ("AggregationCollection", MediaType.json), failures: ["400", "404"]),
        Operation(
            path: "/collections/{collectionId}/aggregate", method: "post", id: "postCollectionAggregate",
            summary: "Aggregate a Collection's Items", body: "Aggregate",
            answer: ("AggregationCollection", MediaType.json), failures: ["400", "404", "413"]),
        Operation(
            path: "/collections/{collectionId}/aggregations", method: "get", id: "getCollectionAggregations",
            summary: "What can be aggregated of a Collection's Items",
            answer: ("AggregationCollection", MediaType.json), failures: ["404"]),
        Operation(
            path: "/collections/{collectionId}/browse", method: "get", id: "getBrowse",
            summary: "Links to a Collection's Items, or to Catalogs of years", parameters: ["token"],
            answer: ("TimeCatalog", MediaType.json), failures: ["400", "404"]),
        Operation(
            path: "/collections/{collectionId}/browse/{period}", method: "get", id: "getBrowsePeriod",
            summary: "Links to the Items of a period, or to Catalogs of shorter ones", parameters: ["token"],
            answer: ("TimeCatalog", MediaType.json), failures: ["400", "404"]),
        Operation(
            path: "/collections/{collectionId}/items", method: "get", id: "getItems", summary: "A Collection's Items",
            parameters: ["intersects"] + searchParameters, answer: ("ItemCollection", MediaType.geoJSON),
            failures: ["400", "404"]),
        Operation(
            path: "/collections/{collectionId}/items", method: "post", id: "createItems",
            summary: "Create an Item, or all Items of a FeatureCollection or none", body: "ItemOrItems", success: "201",
            answer: ("Item", MediaType.geoJSON), otherAnswer: ("CreatedItems", MediaType.json),
            failures: ["400", "404", "409"], isWrite: true),
        Operation(
            path: "/collections/{collectionId}/bulk_items", method: "post", id: "writeItems",
            summary: "Write those of several Items that can be written; the answer says what has become of each",
            body: "BulkItems", answer: ("BulkReport", MediaType.json), failures: ["400-bulk", "404"], isWrite: true),
        Operation(
            path: "/collections/{collectionId}/items/{itemId}", method: "get", id: "getItem", summary: "An Item",
            parameters: ["If-None-Match"], answer: ("Item", MediaType.geoJSON), failures: ["304", "404"]),
        Operation(
            path: "/collections/{collectionId}/items/{itemId}", method: "put", id: "replaceItem",
            summary: "Replace an Item", parameters: ["If-Match"], body: "Item", answer: ("Item", MediaType.geoJSON),
            failures: ["400", "404", "412"], isWrite: true),
        Operation(
            path: "/collections/{collectionId}/items/{itemId}", method: "patch", id: "patchItem",
            summary: "Change an Item by a merge patch", parameters: ["If-Match"], body: "Object",
            bodyType: MediaType.mergePatch, answer: ("Item", MediaType.geoJSON),
            failures: ["400", "404", "412", "415"], isWrite: true),
        Operation(
            path: "/collections/{collectionId}/items/{itemId}", method: "delete", id: "deleteItem",
            summary: "Delete an Item", parameters: ["If-Match"], answer: ("Object", MediaType.json),
            failures: ["404", "412"], isWrite: true),
    ]
}

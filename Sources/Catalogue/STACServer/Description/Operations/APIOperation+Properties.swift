import HTTPEdge
import HTTPTypes

extension APIOperation {
    static let properties: [APIOperation] = [
        schema("/queryables", "getQueryables", "What filters on Items can be about", STACServer.queryables),
        schema("/sortables", "getSortables", "What Items can be sorted by", STACServer.sortables),
        schema(
            "/collections/{collection}/queryables", "getCollectionQueryables",
            "What filters on a Collection's Items can be about", STACServer.queryables),
        schema(
            "/collections/{collection}/sortables", "getCollectionSortables",
            "What a Collection's Items can be sorted by", STACServer.sortables),
        schema(
            "/collections-queryables", "getCollectionsQueryables", "What filters on Collections can be about",
            STACServer.collectionsQueryables),
        schema(
            "/collections-sortables", "getCollectionsSortables", "What Collections can be sorted by",
            STACServer.collectionsSortables),
    ]

    private static func schema(
        _ path: String, _ id: String, _ summary: String,
        _ read: @escaping @Sendable (STACServer) -> @Sendable (STACRequest) throws -> EdgeResponse
    ) -> APIOperation {
        APIOperation(
            method: .get, path: path, id: id, tag: .properties, summary: summary,
            responses: [APIResponse("The properties, as JSON Schema", .jsonSchema, MediaType.schema)],
            handler: .read(read))
    }
}

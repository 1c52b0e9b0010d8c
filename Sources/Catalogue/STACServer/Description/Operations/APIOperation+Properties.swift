import HTTPEdge
import HTTPTypes

extension APIOperation {
    static let properties: [APIOperation] = [
        schema("/queryables", "getQueryables", "Queryables of Items", STACServer.queryables),
        schema("/sortables", "getSortables", "Sortables of Items", STACServer.sortables),
        schema(
            "/collections/{collection}/queryables", "getCollectionQueryables",
            "Queryables of a Collection's Items", STACServer.queryables),
        schema(
            "/collections/{collection}/sortables", "getCollectionSortables",
            "Sortables of a Collection's Items", STACServer.sortables),
        schema(
            "/collections-queryables", "getCollectionsQueryables", "Queryables of Collections",
            STACServer.collectionsQueryables),
        schema(
            "/collections-sortables", "getCollectionsSortables", "Sortables of Collections",
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

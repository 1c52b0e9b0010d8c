import HTTPTypes

extension APIOperation {
    static func collections(limit: APIParameter) -> [APIOperation] {
        collectionSearch(limit: limit) + collectionTransactions
    }

    /// Searches of Collections have no parameter `collections`.
    static func collectionParameters(limit: APIParameter) -> [APIParameter] {
        APIParameter.conditions + [limit] + APIParameter.paging
    }

    private static func collectionSearch(limit: APIParameter) -> [APIOperation] {
        let parameters = collectionParameters(limit: limit)
        let page = APIResponse("A page of Collections", .collections)
        return [
            APIOperation(
                method: .get, path: "/collections", id: "getCollections", tag: .collections,
                summary: "Search Collections",
                detail: "Collections whose extent and texts satisfy the conditions, by id unless sortby is given.",
                parameters: parameters, responses: [page], exampleQuery: "q=sar",
                handler: .read(STACServer.collections)),
            APIOperation(
                method: .get, path: "/collections-search", id: "getCollectionsSearch", tag: .collections,
                summary: "Search Collections", detail: "As GET /collections.", parameters: parameters,
                responses: [page],
                exampleQuery: "bbox=10.9,48.0,11.9,48.5", handler: .read(STACServer.searchCollectionsByQuery)),
            APIOperation(
                method: .post, path: "/collections-search", id: "postCollectionsSearch", tag: .collections,
                summary: "Search Collections", detail: "As GET, with parameters that may be longer.",
                body: Body(schema: .collectionSearch, example: #"{"q": ["sar", "landsat"], "limit": 10}"#),
                responses: [page], handler: .read(STACServer.searchCollectionsByBody)),
        ]
    }

    private static let read: [APIHeader] = [.entityTag, .contentLanguage]
    private static let stored = APIResponse("The Collection", .collection, headers: read)
    private static let created = APIResponse(
        status: 201, "The new Collection, for If-None-Match: *", .collection, headers: read + [.location])
    private static let body = Body(schema: .collection, example: "@collection.json")

    private static let collectionTransactions: [APIOperation] = [
        APIOperation(
            method: .post, path: "/collections", id: "createCollection", tag: .collections,
            summary: "Create Collections", detail: "One, or all of several or none of them.",
            body: Body(schema: .collectionOrCollections, example: "@collection.json"),
            responses: [
                APIResponse(
                    status: 201, "The Collection; of several, their number", .createdCollections,
                    headers: read + [.location])
            ],
            failures: [.conflict], handler: .write(STACServer.createCollection)),
        APIOperation(
            method: .put, path: "/collections", id: "replaceCollectionByBody", tag: .collections,
            summary: "Replace the Collection with the id in the body", parameters: [.ifMatch, .mustNotMatch],
            body: body,
            responses: [stored, created], failures: [.notFound, .preconditionFailed],
            handler: .write(STACServer.replaceCollection)),
        APIOperation(
            method: .get, path: "/collections/{collection}", id: "getCollection", tag: .collections,
            summary: "A Collection", parameters: [.ifNoneMatch, .language], responses: [stored],
            failures: [.notModified], handler: .read(STACServer.collection)),
        APIOperation(
            method: .put, path: "/collections/{collection}", id: "replaceCollection", tag: .collections,
            summary: "Replace a Collection", parameters: [.ifMatch, .mustNotMatch], body: body,
            responses: [stored, created],
            failures: [.preconditionFailed], handler: .write(STACServer.replaceCollection)),
        APIOperation(
            method: .patch, path: "/collections/{collection}", id: "patchCollection", tag: .collections,
            summary: "Change a Collection", detail: "By a JSON merge patch (RFC 7396).",
            parameters: [.ifMatch, .mustNotMatch],
            body: Body(schema: .mergePatch, types: MediaType.patches, example: #"{"title": "Another title"}"#),
            responses: [stored], failures: [.preconditionFailed, .unsupportedMediaType],
            handler: .write(STACServer.patchCollection)),
        APIOperation(
            method: .delete, path: "/collections/{collection}", id: "deleteCollection", tag: .collections,
            summary: "Delete a Collection with all its Items", parameters: [.ifMatch, .mustNotMatch],
            responses: [APIResponse("It is gone", .deletedCollection)], failures: [.preconditionFailed],
            handler: .write(STACServer.deleteCollection)),
    ]
}

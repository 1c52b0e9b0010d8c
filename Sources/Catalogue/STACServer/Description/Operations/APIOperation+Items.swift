import HTTPTypes

extension APIOperation {
    /// - Parameters:
    ///   - page: The parameters of paging.
    ///   - assetLocations: The parameter that selects the location of assets' hrefs.
    static func items(_ page: [APIParameter], _ assetLocations: [APIParameter]) -> [APIOperation] {
        [
            APIOperation(
                method: .get, path: "/collections/{collection}/items", id: "getItems", tag: .items,
                summary: "Search a Collection's Items", parameters: APIParameter.conditions + page, responses: [.items],
                exampleQuery: "limit=5&sortby=-datetime", handler: .prepared(STACServer.items)),
            APIOperation(
                method: .get, path: "/collections/{collection}/items/{item}", id: "getItem", tag: .items,
                summary: "An Item", parameters: [.ifNoneMatch] + assetLocations, responses: [stored],
                failures: [.notModified],
                handler: .prepared(STACServer.item)),
        ] + itemTransactions
    }

    private static let types = [MediaType.json, MediaType.geoJSON]
    private static let body = Body(schema: .itemBody, types: types, example: "@item.json")
    private static let stored = APIResponse("The Item", .item, MediaType.geoJSON, headers: [.entityTag])

    private static let created = APIResponse(
        status: 201, "The new Item, for If-None-Match: *", .item, MediaType.geoJSON, headers: [.entityTag, .location])

    private static let itemTransactions: [APIOperation] = [
        APIOperation(
            method: .post, path: "/collections/{collection}/items", id: "createItems", tag: .items,
            summary: "Create Items", detail: "One Item, or all of a FeatureCollection or none of them.",
            body: Body(schema: .itemOrItems, types: types, example: "@item.json"),
            responses: [
                APIResponse(
                    status: 201, "The Item; of several, their number",
                    [(MediaType.geoJSON, .item), (MediaType.json, .createdItems)], headers: [.entityTag, .location])
            ], failures: [.conflict], handler: .write(STACServer.createItems)),
        APIOperation(
            method: .post, path: "/collections/{collection}/bulk_items", id: "writeItems", tag: .items,
            summary: "Write several Items, skipping invalid ones",
            detail: "The response reports the outcome of each; it has status 400 when none could be written.",
            body: Body(schema: .bulkItems, example: "@items.json"),
            responses: [
                APIResponse("The outcome of each Item", .bulkReport),
                APIResponse(
                    status: 400, "None could be written, or the body is wrong",
                    [
                        (MediaType.json, .bulkReport), (MediaType.problem, .problem),
                    ], headers: [.contentLanguage]),
            ], handler: .write(STACServer.writeItems)),
        APIOperation(
            method: .put, path: "/collections/{collection}/items/{item}", id: "replaceItem", tag: .items,
            summary: "Replace an Item", parameters: [.ifMatch, .mustNotMatch], body: body,
            responses: [stored, created], failures: [.preconditionFailed], handler: .write(STACServer.replaceItem)),
        APIOperation(
            method: .patch, path: "/collections/{collection}/items/{item}", id: "patchItem", tag: .items,
            summary: "Change an Item", detail: "By a JSON merge patch (RFC 7396).",
            parameters: [.ifMatch, .mustNotMatch],
            body: Body(
                schema: .mergePatch, types: MediaType.patches, example: #"{"properties": {"eo:cloud_cover": 7}}"#),
            responses: [stored], failures: [.preconditionFailed, .unsupportedMediaType],
            handler: .write(STACServer.patchItem)),
        APIOperation(
            method: .delete, path: "/collections/{collection}/items/{item}", id: "deleteItem", tag: .items,
            summary: "Delete an Item", parameters: [.ifMatch, .mustNotMatch],
            responses: [APIResponse("It is gone", .deletedItem)],
            failures: [.preconditionFailed], handler: .write(STACServer.deleteItem)),
    ]
}

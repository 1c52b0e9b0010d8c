import HTTPTypes

extension APIOperation {
    static func browsing(limit: APIParameter) -> [APIOperation] {
        let catalog = APIResponse("A Catalog", .catalog)
        return [
            APIOperation(
                method: .get, path: "/children", id: "getChildren", tag: .browsing,
                summary: "Collections as children of the landing page", detail: "As GET /collections.",
                parameters: collectionParameters(limit: limit),
                responses: [APIResponse("A page of Collections", .children)], handler: .read(STACServer.children)),
            APIOperation(
                method: .get, path: "/collections/{collection}/browse", id: "getBrowse", tag: .browsing,
                summary: "A Collection's Items by links", detail: "Links to Items if there are few, or to years.",
                parameters: [.browseToken], responses: [catalog], handler: .read(STACServer.browse)),
            APIOperation(
                method: .get, path: "/collections/{collection}/browse/{period}", id: "getBrowsePeriod",
                tag: .browsing, summary: "The Items of a period by links",
                detail: "Links to Items if there are few, or to the months, days or hours in it.",
                parameters: [.browseToken], responses: [catalog], handler: .read(STACServer.browse)),
        ]
    }
}

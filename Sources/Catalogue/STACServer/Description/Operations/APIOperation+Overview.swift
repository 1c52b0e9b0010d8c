import HTTPTypes

extension APIOperation {
    static let overview: [APIOperation] = [
        APIOperation(
            method: .get, path: "/", id: "getLandingPage", tag: .overview, summary: "Landing page",
            detail: "A STAC Catalog with the conformance classes, and with links to all resources.",
            parameters: [.language],
            responses: [APIResponse("The landing page", .landingPage, headers: [.contentLanguage])],
            handler: .read(STACServer.landingPage)),
        APIOperation(
            method: .get, path: "/conformance", id: "getConformance", tag: .overview, summary: "Conformance classes",
            responses: [APIResponse("The classes", .conformance)], handler: .read(STACServer.conformance)),
        APIOperation(
            method: .get, path: "/api", id: "getDescription", tag: .overview, summary: "This description, as OpenAPI",
            responses: [APIResponse("The document", .openAPI, MediaType.openAPI)], handler: .read(STACServer.openAPI)),
        APIOperation(
            method: .get, path: "/api.html", id: "getDocumentation", tag: .overview,
            summary: "This description, for people",
            responses: [
                APIResponse("A page", nil, MediaType.html, headers: [.contentLanguage, .contentSecurityPolicy])
            ],
            handler: .read(STACServer.documentation)),
    ]
}

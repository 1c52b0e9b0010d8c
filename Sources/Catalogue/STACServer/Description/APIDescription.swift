/// What the API can do, once for the router and for both descriptions.
struct APIDescription: Sendable {
    let operations: [APIOperation]
    let openAPI: OpenAPIDocument

    init(_ configuration: STACServer.Configuration) {
        operations = APIOperation.all(configuration)
        openAPI = OpenAPIDocument(configuration, operations)
    }
}

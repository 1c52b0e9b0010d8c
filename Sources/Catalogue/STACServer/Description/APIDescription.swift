/// The operations of the API, shared by the router and both descriptions.
struct APIDescription: Sendable {
    let operations: [APIOperation]
    let openAPI: OpenAPIDocument

    init(_ configuration: STACServer.Configuration) {
        operations = APIOperation.all(configuration)
        openAPI = OpenAPIDocument(configuration, operations)
    }
}

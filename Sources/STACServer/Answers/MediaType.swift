/// The media types of answers and links.
enum MediaType {
    static let json = "application/json"
    static let geoJSON = "application/geo+json"
    static let ndjson = "application/x-ndjson"
    static let mergePatch = "application/merge-patch+json"
    static let schema = "application/schema+json"
    static let openAPI = "application/vnd.oai.openapi+json;version=3.0"
    static let html = "text/html; charset=utf-8"
}

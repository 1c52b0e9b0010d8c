/// The media types of bodies and links.
enum MediaType {
    static let json = "application/json"
    static let geoJSON = "application/geo+json"
    static let ndjson = "application/x-ndjson"
    /// Source: [Media types](https://www.iana.org/assignments/media-types/application/vnd.apache.parquet).
    static let parquet = "application/vnd.apache.parquet"
    static let mergePatch = "application/merge-patch+json"
    /// Media types that PATCH accepts: clients send plain JSON, too.
    static let patches = [mergePatch, json]
    static let schema = "application/schema+json"
    static let problem = "application/problem+json"
    /// Source: [STAC API - Core, endpoints](https://github.com/radiantearth/stac-api-spec/blob/v1.0.0/core/README.md#endpoints).
    static let openAPI = "application/vnd.oai.openapi+json;version=3.1"
    static let html = "text/html; charset=utf-8"
}

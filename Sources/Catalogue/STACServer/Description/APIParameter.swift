import JSON

/// A parameter of a request, outside of its body.
struct APIParameter: Sendable {
    enum Location: String, Sendable {
        case path, query, header
    }

    enum Form: Sendable {
        case plain
        /// Values with commas between them.
        case list
        /// JSON as text.
        case json
    }

    let name: String
    /// Unique; not the name where several parameters have it.
    let key: String
    let location: Location
    let description: String
    let form: Form
    let schema: JSONValue
    let example: JSONValue?

    init(
        _ name: String, key: String? = nil, in location: Location = .query, _ description: String, form: Form = .plain,
        _ schema: JSONValue, example: JSONValue? = nil
    ) {
        self.name = name
        self.key = key ?? name
        self.location = location
        self.description = description
        self.form = form
        self.schema = schema
        self.example = example
    }
}

extension APIParameter {
    static let ofPaths = [
        APIParameter(
            "collection", key: "collection-in-path", in: .path, "The Collection's id", APISchema.identifier,
            example: "sentinel-2-c1-l2a"),
        APIParameter(
            "item", in: .path, "The Item's id", APISchema.identifier,
            example: "S2B_MSIL2A_20200622T100908_N0500_R022_T32UPU_20221229T184855"),
        APIParameter(
            "period", in: .path, "A year, month, day or hour, UTC",
            [
                "type": "string",
                "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]))?)?)?$",
            ], example: "2020-06"),
    ]

    static let ifMatch = APIParameter(
        "If-Match", in: .header, "The ETag that the version to be changed must have; several with commas, or *",
        ["type": "string"], example: "\"4711\"")
    static let mustNotMatch = APIParameter(
        "If-None-Match", key: "If-None-Match-of-writes", in: .header,
        "With * nothing that exists is changed, and PUT creates what does not exist; ETags: nor are these versions",
        ["type": "string"], example: "*")
    static let prefer = APIParameter(
        "Prefer", in: .header, "With return=minimal the response has no body (RFC 7240)", ["type": "string"],
        example: "return=minimal")
    static let ifNoneMatch = APIParameter(
        "If-None-Match", in: .header, "The ETag of the version that the client has", ["type": "string"],
        example: "\"4711\"")
    static let language = APIParameter(
        "language", "Preferred languages, as in Accept-Language; each text exists in one language so far",
        [
            "type": "string",
            "pattern": """
            ^([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*|\\*)(;q=(0(\\.[0-9]{1,3})?|1(\\.0{1,3})?))?\
            (,([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*|\\*)(;q=(0(\\.[0-9]{1,3})?|1(\\.0{1,3})?))?)*$
            """,
        ], example: "de,en;q=0.5")
    static let browseToken = APIParameter(
        "token", key: "token-of-browse", "From a link to a further Catalog of the same hour", ["type": "string"])

    /// - Returns: `nil` where files have only one location.
    static func assetLocation(_ locations: AssetLocations) -> APIParameter? {
        guard !locations.names.isEmpty else { return nil }
        let names = [AssetLocations.stored] + locations.names.sorted()
        return APIParameter(
            STACServer.assetLocationParameter,
            "Where hrefs of assets point; \(AssetLocations.stored): where they were written",
            ["type": "string", "enum": .array(names.map(JSONValue.init(_:)))])
    }
}

import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore

/// A request with the resources for responding to it.
struct STACRequest: Sendable {
    private let request: EdgeRequest
    let location: APILocation
    /// As the sender may see and write it.
    let catalogue: any CatalogueService
    /// The location of assets' hrefs in the response; `nil`: unchanged.
    var assets: AssetRewriting?
    /// Whether the client still waits for the response.
    var cancellation: Cancellation

    init(
        _ request: EdgeRequest, location: APILocation, catalogue: any CatalogueService, assets: AssetRewriting?
    ) {
        self.request = request
        self.location = location
        self.catalogue = catalogue
        self.assets = assets
        cancellation = request.cancellation
    }

    var head: HTTPRequest { request.head }
    /// Without the byte order mark that some editors put before a text.
    var body: [UInt8] {
        request.body.starts(with: [0xef, 0xbb, 0xbf]) ? Array(request.body.dropFirst(3)) : request.body
    }
    var query: String? { request.query }

    /// From the path.
    var collectionID: String { get throws(Problem) { try request.parameter("collection") } }
    var itemID: String { get throws(Problem) { try request.parameter("item") } }
    var periodText: String? {
        get throws(Problem) { request.parameters["period"] == nil ? nil : try request.parameter("period") }
    }
    var hasCollection: Bool { request.parameters["collection"] != nil }

    /// Whether Items are to come one to a line rather than as a FeatureCollection (`Accept`).
    var wantsLines: Bool { accepts([MediaType.ndjson, "application/ndjson"]) }

    /// Whether a page of Items is to come as a GeoParquet file.
    var wantsFile: Bool { accepts([MediaType.parquet, "application/x-parquet"]) }

    /// Whether one of these types is named in `Accept`.
    private func accepts(_ types: [String]) -> Bool {
        guard let accept = head.headerFields[.accept] else { return false }
        return accept.split(separator: ",").contains { part in
            types.contains(part.prefix { $0 != ";" }.filter { $0 != " " }.lowercased())
        }
    }

    /// The body as JSON merge patch, the only form of PATCH that there is here.
    ///
    /// - Throws: `Problem` for another form, or what is no object: it would replace the whole document.
    func mergePatch() throws -> JSONObject {
        let type = head.headerFields[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == nil || MediaType.patches.contains(where: { $0 == type }) else {
            throw Problem(
                .unsupportedMediaType, "UnsupportedMediaType",
                "A PATCH is a JSON merge patch (\(MediaType.mergePatch)), not \(type ?? "").",
                headers: [.acceptPatch: MediaType.patches.joined(separator: ", ")])
        }
        guard let patch = try JSONValue(parsing: body).object else { throw Problem.bodyMustBe("a JSON object") }
        return patch
    }

    /// Whether the client has this version already (`If-None-Match`).
    func hasCurrent(_ tag: EntityTag) -> Bool {
        head.headerFields.ifNoneMatch?.matches(tag) ?? false
    }

    /// Whether a write is to create what does not exist, and to do nothing else (`If-None-Match: *`).
    var mustCreate: Bool { head.headerFields.ifNoneMatch == .any }

    /// Refuses to change a version that `If-None-Match` names.
    ///
    /// - Parameter current: The current version; `nil` when there is none. Called only when the header is there.
    /// - Throws: `Problem` with 412 (RFC 9110, section 13.1.2).
    func checkNoneMatch(current: () throws -> SequenceNumber?) throws {
        guard let condition = head.headerFields.ifNoneMatch, let version = try current() else { return }
        switch condition {
        case .any: throw Problem.exists
        case .oneOf(let tags): if tags.contains(where: { $0.version == version }) { throw Problem.exists }
        }
    }

    /// The version that a write replaces or removes, after `If-Match`. What Items determine of a Collection is no part
    /// of it: a write cannot lose that.
    ///
    /// - Parameter current: The current version; called only when the client names several.
    /// - Returns: `nil`: any.
    func expectedVersion(current: () throws -> SequenceNumber?) throws -> SequenceNumber? {
        guard case .oneOf(let tags) = head.headerFields.ifMatch else { return nil }
        if tags.count == 1 { return tags[0].version }
        guard let version = try current(), tags.contains(where: { $0.version == version }) else {
            throw Problem.changed
        }
        return version
    }
}

extension STACServer {
    /// A response with a body, compressed if that is worth it.
    func response(
        _ request: STACRequest, _ buffer: ByteBuffer, _ type: String, status: HTTPResponse.Status = .ok,
        tag: EntityTag? = nil, location: String? = nil
    ) -> EdgeResponse {
        var headers = HTTPFields()
        headers.append(HTTPField(name: .contentType, value: type))
        if let tag { headers.append(HTTPField(name: .eTag, value: tag.text)) }
        if let location { headers.append(HTTPField(name: .location, value: location)) }
        let body = edge.compressed(buffer, for: request.head, &headers)
        return EdgeResponse(status: status, headers: headers, body: body)
    }

    func response(
        _ request: STACRequest, _ json: JSONValue, _ type: String = MediaType.json, status: HTTPResponse.Status = .ok
    ) -> EdgeResponse {
        response(request, ByteBuffer(bytes: json.serialized()), type, status: status)
    }

    func notModified(_ tag: EntityTag) -> EdgeResponse {
        EdgeResponse(status: .notModified, headers: [.eTag: tag.text])
    }
}

extension HTTPField.Name {
    /// Source: [RFC 5789, section 3.1](https://www.rfc-editor.org/rfc/rfc5789#section-3.1).
    fileprivate static let acceptPatch = Self("Accept-Patch")!
}

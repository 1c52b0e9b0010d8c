import Access
import Catalogue
import Checksum
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore

/// A request with the resources for responding to it.
struct STACRequest: Sendable {
    private let request: EdgeRequest
    let location: APILocation
    /// As the sender may see and write it.
    var catalogue: any CatalogueService
    /// The location of assets' hrefs in the response; `nil`: unchanged.
    var assets: AssetRewriting?
    /// Whether the client still waits for the response.
    var cancellation: Cancellation
    /// Whether input is repaired where that is clear: see `TolerantInput`.
    let isTolerant: Bool

    init(
        _ request: EdgeRequest, location: APILocation, catalogue: any CatalogueService, assets: AssetRewriting?,
        isTolerant: Bool = false
    ) {
        self.request = request
        self.location = location
        self.catalogue = catalogue
        self.assets = assets
        self.isTolerant = isTolerant
        cancellation = request.cancellation
    }

    var head: HTTPRequest { request.head }
    var principal: Principal { request.principal }
    /// Without the byte order mark that some editors put before a text.
    var body: [UInt8] {
        request.body.starts(with: [0xef, 0xbb, 0xbf]) ? Array(request.body.dropFirst(3)) : request.body
    }
    var query: String? { request.query }

    /// From the path.
    var collectionID: String {
        get throws(Problem) {
            let id = try request.parameter("collection")
            return isTolerant ? TolerantInput.collectionID(id) : id
        }
    }
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
    func checkNoneMatch(current: () throws -> StoredVersion?) throws {
        guard let condition = head.headerFields.ifNoneMatch, let version = try current() else { return }
        switch condition {
        case .any: throw Problem.exists
        case .oneOf(let tags): if tags.contains(where: { $0.version == version.tag }) { throw Problem.exists }
        }
    }

    /// The version that a write replaces or removes, after `If-Match`. What Items determine of a Collection is no part
    /// of it: a write cannot lose that.
    ///
    /// - Parameter current: The current version; `nil` when there is none. Called only when the header is there.
    /// - Returns: `nil`: any.
    func expectedVersion(current: () throws -> StoredVersion?) throws -> SequenceNumber? {
        guard case .oneOf(let tags) = head.headerFields.ifMatch else { return nil }
        // The write then says that there is nothing; what comes in between is not what the client means.
        guard let version = try current() else { return StoredVersion.none }
        guard tags.contains(where: { $0.version == version.tag }) else { throw Problem.changed }
        return version.sequence
    }
}

/// A version of an Item or Collection, as the store and as clients name it.
struct StoredVersion {
    let sequence: SequenceNumber
    /// Of the stored text: the number of a change would tell how much is written that the client cannot see.
    let tag: Int64

    /// No version has this number.
    static let none: SequenceNumber = 0

    init(_ item: EncodedItem) {
        sequence = item.sequence
        tag = Self.tag(item.json)
    }

    init(_ collection: StoredCollection) {
        sequence = collection.sequence
        tag = Self.tag(collection.body)
    }

    private static func tag(_ text: [UInt8]) -> Int64 {
        Int64(text.withUnsafeBytes { XXHash64.hash($0) } & UInt64(Int64.max))
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

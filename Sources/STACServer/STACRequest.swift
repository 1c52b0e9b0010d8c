import Catalogue
import HTTPEdge
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// A request with all that answering it takes, and what answers have in common.
struct STACRequest: Sendable {
    let request: Request
    let context: EdgeContext
    let location: APILocation
    let body: [UInt8]

    /// From the path.
    var collectionID: String { get throws(Problem) { try context.pathParameter("collection") } }
    var itemID: String { get throws(Problem) { try context.pathParameter("item") } }
    var hasCollection: Bool { context.parameters["collection"] != nil }

    /// Whether the client has this version already (`If-None-Match`).
    func hasCurrent(_ tag: EntityTag) -> Bool {
        request.headers.ifNoneMatch?.matches(tag) ?? false
    }

    /// The version that a write replaces or removes, after `If-Match`.
    ///
    /// - Parameter current: The current version; called only when the client names several.
    /// - Returns: `nil`: any.
    func expectedVersion(current: () throws -> SequenceNumber?) throws -> SequenceNumber? {
        guard case .oneOf(let tags) = request.headers.ifMatch else { return nil }
        if tags.count == 1 { return tags[0].version }
        guard let version = try current(), tags.contains(EntityTag(version)) else { throw Problem.changed }
        return version
    }
}

extension STACServer {
    /// An answer with a body, compressed if that is worth it.
    func answer(
        _ request: STACRequest, _ buffer: ByteBuffer, _ type: String, status: HTTPResponse.Status = .ok,
        tag: EntityTag? = nil, location: String? = nil
    ) -> Response {
        var headers = HTTPFields()
        headers.append(HTTPField(name: .contentType, value: type))
        if let tag { headers.append(HTTPField(name: .eTag, value: tag.text)) }
        if let location { headers.append(HTTPField(name: .location, value: location)) }
        let body = edge.compressed(buffer, for: request.request, &headers)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    func answer(
        _ request: STACRequest, _ json: JSONValue, _ type: String = MediaType.json, status: HTTPResponse.Status = .ok
    ) -> Response {
        answer(request, ByteBuffer(bytes: json.serialized()), type, status: status)
    }

    func notModified(_ tag: EntityTag) -> Response {
        Response(status: .notModified, headers: [.eTag: tag.text])
    }
}

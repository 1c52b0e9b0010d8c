import Compression
public import HTTPTypes
import Hummingbird
public import NIOCore

/// - Returns: Whether an `Accept-Encoding` asks for gzip. `identity`, `*` and `gzip;q=0` do not.
///
/// Source: [RFC 9110, section 12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3).
func acceptsGzip(_ header: String) -> Bool {
    for coding in header.split(separator: ",") {
        let parts = coding.split(separator: ";")
        guard let name = parts.first, isToken(name, "gzip") || isToken(name, "x-gzip") else { continue }
        return !parts.dropFirst().contains { part in
            let weight = part.filter { $0 != " " && $0 != "\t" }
            return weight.hasPrefix("q=0") && weight.dropFirst(3).allSatisfy { $0 == "0" || $0 == "." }
        }
    }
    return false
}

private func isToken(_ text: Substring, _ token: String) -> Bool {
    text.filter { $0 != " " && $0 != "\t" }.lowercased() == token
}

extension EdgeServer {
    /// Whether long responses are compressed for a client.
    public func isCompressed(_ request: HTTPRequest) -> Bool {
        configuration.gzipMinimumByteCount != nil && request.headerFields[.acceptEncoding].map(acceptsGzip) == true
    }

    /// The response, compressed when it is worth it and the client accepts it. Fast rather than small: the network
    /// between an archive and a cluster is not slow.
    public func compressed(_ buffer: ByteBuffer, for request: HTTPRequest, _ headers: inout HTTPFields) -> ByteBuffer {
        guard let minimum = configuration.gzipMinimumByteCount, buffer.readableBytes >= minimum else { return buffer }
        headers.append(HTTPField(name: .vary, value: "Accept-Encoding"))
        guard isCompressed(request) else { return buffer }
        var output: [UInt8] = []
        output.reserveCapacity(buffer.readableBytes / 4)
        do {
            let encoder = try GzipEncoder(level: 1)
            try buffer.withUnsafeReadableBytes { try encoder.append($0, into: &output) }
            try encoder.finish(into: &output)
        } catch {
            // When memory for it is exhausted, the plain response is sent.
            return buffer
        }
        headers[.contentEncoding] = "gzip"
        return ByteBuffer(bytes: output)
    }
}

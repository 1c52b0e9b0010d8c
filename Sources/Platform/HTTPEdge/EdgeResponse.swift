public import HTTPTypes
public import Hummingbird
public import NIOCore

/// A response with its body at hand.
public struct EdgeResponse: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: ByteBuffer
    /// What follows `body`, bit by bit; `nil`: nothing.
    public var stream: (any ResponseStream)?

    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

}

extension EdgeServer {
    /// The response as the router sends it.
    public func response(_ response: EdgeResponse, for client: EdgeClient) -> Response {
        guard let stream = response.stream else {
            return Response(
                status: response.status, headers: response.headers, body: ResponseBody(byteBuffer: response.body))
        }
        let readers = readers
        let body = ResponseBody { writer in
            if response.body.readableBytes > 0 { try await writer.write(response.body) }
            // Writing waits for the client to read.
            while let part = try await readers.run(for: client, { try stream.next($0) }) {
                try await writer.write(part)
            }
            try await writer.finish(nil)
        }
        return Response(status: response.status, headers: response.headers, body: body)
    }
}

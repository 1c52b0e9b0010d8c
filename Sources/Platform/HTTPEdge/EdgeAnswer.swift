public import HTTPTypes
public import Hummingbird
public import NIOCore

/// An answer with its body at hand.
public struct EdgeAnswer: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: ByteBuffer
    /// What follows `body`, bit by bit; `nil`: nothing.
    public var stream: (any AnswerStream)?

    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

}

extension EdgeServer {
    /// The answer as the router sends it.
    public func response(_ answer: EdgeAnswer, for client: EdgeClient) -> Response {
        guard let stream = answer.stream else {
            return Response(status: answer.status, headers: answer.headers, body: ResponseBody(byteBuffer: answer.body))
        }
        let readers = readers
        let body = ResponseBody { writer in
            if answer.body.readableBytes > 0 { try await writer.write(answer.body) }
            // Writing waits for the client to read.
            while let part = try await readers.run(for: client, { try stream.next($0) }) {
                try await writer.write(part)
            }
            try await writer.finish(nil)
        }
        return Response(status: answer.status, headers: answer.headers, body: body)
    }
}

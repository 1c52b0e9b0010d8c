public import Access
public import HTTPTypes
public import NIOCore

/// Finds out who sends a request.
public protocol Authenticator: Sendable {
    /// - Returns: `nil` when the request has no credentials of this kind; the next authenticator is tried.
    /// - Throws: `Problem` for credentials of this kind that are wrong or cannot be checked now.
    func principal(of request: HTTPRequest, peer: SocketAddress?) async throws -> Principal?

    /// How a person or program gets credentials of this kind, as a sentence; `nil`: there is nothing to be said.
    var signInHint: String? { get }
}

extension Authenticator {
    public var signInHint: String? { nil }
}

import Access
import HTTPTypes
import NIOCore

extension EdgeServer {
    /// The sender of a request, from the first authenticator that recognizes it. Credentials that none recognizes make an
    /// anonymous principal, which protected routes reject.
    func principal(of request: HTTPRequest, peer: SocketAddress?) async throws -> Principal {
        for authenticator in authenticators {
            if let principal = try await authenticator.principal(of: request, peer: peer) { return principal }
        }
        return .anonymous
    }

    /// The problem for a principal that may not use a route.
    func accessProblem(for principal: Principal, _ headers: HTTPFields, _ rule: AccessRule) -> Problem {
        if principal.kind != .anonymous, case .scope(let scope) = rule { return .insufficientScope(scope) }
        // With accounts, the operator's token is not what is missing.
        if let hint = authenticators.lazy.compactMap(\.signInHint).first {
            return Problem(
                .unauthorized, "SignInRequired", "This is for those who have signed in. \(hint)",
                headers: [.wwwAuthenticate: "Bearer"])
        }
        guard hasOperator else {
            return Problem(
                .forbidden, "WritingDisabled",
                "This is for the operator, and no operator token is configured. Set \"operatorToken\" in the configuration "
                    + "file or TERRABYTE_OPERATOR_TOKEN in the environment and start the server again.")
        }
        guard headers[.authorization] != nil else {
            return Problem(
                .unauthorized, "TokenMissing", "This needs the operator token: Authorization: Bearer TOKEN.",
                headers: [.wwwAuthenticate: "Bearer"])
        }
        return Problem(
            .unauthorized, "TokenInvalid", "The token is not the operator's.",
            headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
    }
}

extension Problem {
    /// Source: [RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1).
    fileprivate static func insufficientScope(_ scope: Scope) -> Problem {
        Problem(
            .forbidden, "InsufficientScope",
            "This needs the scope \(scope), which your account or your token does not have.",
            headers: [.wwwAuthenticate: "Bearer error=\"insufficient_scope\", scope=\"\(scope)\""])
    }
}

package import Access
import CoreMetrics
package import HTTPEdge
package import HTTPTypes
package import Identity
package import Logging
package import NIOCore
import SQLDatabase
package import Telemetry

/// People and programs with accounts, by `Authorization: Bearer` with an API token (`terrabyte_…`) or an access token.
///
/// A token that is not accepted is an error also where none is needed: who sends one believes to have rights, and would
/// take what anybody sees for all that there is.
///
/// Source: [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750).
package struct BearerAuthenticator: Authenticator {
    /// Of access tokens.
    private let reader: any TokenReader
    private let rights: RightsCache
    private let failures: FailureLog
    /// By which the client's address is found.
    private let proxies: IPNetworks
    private let logger: Logger
    private let rejections: [InvalidToken.Reason: Counter]

    private static let rejected = "terrabyte_credentials_rejected_total"

    package init(
        _ reader: any TokenReader, _ rights: RightsCache, _ failures: FailureLog, proxies: IPNetworks,
        _ telemetry: MetricRegistry, _ logger: Logger
    ) {
        self.reader = reader
        self.rights = rights
        self.failures = failures
        self.proxies = proxies
        self.logger = logger
        telemetry.describe(Self.rejected, .counter, "Requests with a token that was not accepted.")
        rejections = InvalidToken.Reason.allCases.reduce(into: [:]) { counters, reason in
            counters[reason] = Counter(
                label: Self.rejected, dimensions: [("reason", reason.rawValue)], factory: telemetry)
        }
    }

    package var signInHint: String? {
        "Sign in, for example with 'terrapi stac login', and send the token: Authorization: Bearer TOKEN."
    }

    package func principal(of request: HTTPRequest, peer: SocketAddress?) async throws -> Principal? {
        guard let header = request.headerFields[.authorization], let token = Self.token(in: header) else { return nil }
        do {
            return try await principal(with: token)
        } catch let error as InvalidToken {
            rejections[error.reason]?.increment()
            // That it is refused does not depend on the log.
            try? await failures.record(
                .accessTokenRefused, of: error.account ?? "", error.description,
                address: proxies.client(request.headerFields, peer: peer))
            throw Problem.invalidToken(error)
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.error("Rights cannot be asked for", metadata: ["error": "\(String(reflecting: error))"])
            throw Problem.rightsUnknown
        }
    }

    private func principal(with token: String) async throws -> Principal {
        if token.hasPrefix(APIToken.prefix) {
            guard let known = try await rights.rights(of: .token(token)) else {
                throw InvalidToken(.revoked, "it does not exist, was revoked or has ended, or its account has")
            }
            return Principal(known.account, known.rights, scopes: known.scopes ?? [], groups: nil)
        }
        let statement = try await reader.statement(of: token)
        let credential = Credential.grant(account: statement.account, id: statement.grant)
        guard let known = try await rights.rights(of: credential) else {
            throw InvalidToken(
                .revoked, "its sign-in was ended, or its account is not active", account: statement.account)
        }
        return Principal(known.account, known.rights, scopes: statement.scopes, groups: statement.groups)
    }

    /// - Returns: `nil`: the header is of another scheme.
    private static func token(in header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard let scheme = parts.first, scheme.lowercased() == "bearer" else { return nil }
        return parts.count == 2 ? String(parts[1]) : ""
    }
}

extension Principal {
    /// - Parameters:
    ///   - scopes: The most that the credential may do.
    ///   - groups: That another issuer vouches for.
    fileprivate init(_ account: String, _ rights: AccountRights, scopes: Set<Scope>, groups: Set<String>?) {
        let (readable, writable) = Self.owners(of: groups ?? [])
        self.init(
            rights.kind == .service ? .service : .user, name: account, groups: rights.groups.union(groups ?? []),
            scopes: scopes.intersection(rights.scopes), readableOwners: rights.readable.union(readable),
            writableOwners: rights.writable.union(writable), quotas: rights.quotas)
    }

    private static func owners(of groups: Set<String>) -> (readable: Set<String>, writable: Set<String>) {
        var (readable, writable): (Set<String>, Set<String>) = ([], [])
        for group in groups where group.hasPrefix("/dss/") && !group.hasSuffix("-mgr") {
            let name = group.dropFirst("/dss/".count)
            if name.hasSuffix("-ro") {
                readable.insert(String(name.dropLast("-ro".count)))
            } else if !name.isEmpty {
                writable.insert(String(name))
            }
        }
        return (readable, writable)
    }
}

extension Problem {
    /// Source: [RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1).
    fileprivate static func invalidToken(_ error: InvalidToken) -> Problem {
        Problem(
            .unauthorized, "InvalidToken", "The token is not accepted: \(error). Sign in again, or send none.",
            headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
    }

    fileprivate static let rightsUnknown = Problem(
        .serviceUnavailable, "RightsUnknown", "What you may do cannot be found out now; try again later.",
        headers: [.retryAfter: "5"])
}

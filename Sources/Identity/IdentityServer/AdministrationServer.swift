import Access
public import HTTPEdge
import HTTPTypes
public import Identity
public import IdentityHosting
import JSON
import Logging
public import Mail
import NIOCore
import Temporal

/// Accounts, containers, invitations, restricted data and the audit log over HTTP.
public struct AdministrationServer: Sendable {
    public struct Configuration: Sendable {
        /// Networks from which restricted data can be asked for and accepted; `nil`: all.
        public var restrictedDataNetworks: IPNetworks?
        /// How many days before its end somebody is told that an account ends, each once.
        public var warningDays = [14, 1]

        public init() {}
    }

    let store: IdentityStore
    let edge: EdgeServer
    let location: ProviderLocation
    let mail: MailServer?
    let configuration: Configuration

    public init(
        _ store: IdentityStore, edge: EdgeServer, location: ProviderLocation, mail: MailServer?,
        configuration: Configuration = Configuration()
    ) {
        self.store = store
        self.edge = edge
        self.location = location
        self.mail = mail
        self.configuration = configuration
    }

    public func addRoutes(to routes: inout RouteGroup) {
        routes.crossOrigin = .sameOrigin
        routes.access = .signedIn
        addOwn(to: &routes)
        addContainers(to: &routes)
        addDatasets(to: &routes)
        addRestrictedData(to: &routes)
        routes.access = .scope(.administration)
        addAccounts(to: &routes)
        addInvitations(to: &routes)
        addAdministeredContainers(to: &routes)
        addAdministeredDatasets(to: &routes)
        addAuditLog(to: &routes)
    }

    /// Largest body that is accepted, in bytes.
    static let bodyLimit = 256 << 10

    /// A handler whose errors are problems for the client.
    func handler(
        _ respond: @escaping @Sendable (EdgeRequest) async throws -> EdgeResponse
    ) -> RouteHandler {
        .inline { request in
            do {
                var response = try await respond(request)
                response.headers[.cacheControl] = "no-store"
                return response
            } catch let error as IdentityError {
                throw Problem(error)
            }
        }
    }

    /// Who acts, for the audit log.
    func actor(_ request: EdgeRequest) -> AuditActor {
        let address = edge.configuration.trustedProxies.client(request.head.headerFields, peer: request.peer)
        guard request.principal.kind != .operator else {
            return AuditActor(AuditActor.operator.name, address: address)
        }
        return AuditActor(request.principal.name, address: address)
    }

    func response(_ json: JSONValue, status: HTTPResponse.Status = .ok, location: String? = nil) -> EdgeResponse {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let location { headers[.location] = location }
        return EdgeResponse(status: status, headers: headers, body: ByteBuffer(bytes: json.serialized()))
    }

    var noContent: EdgeResponse { EdgeResponse(status: .noContent) }

    /// Sends mail, if that is configured.
    ///
    /// - Returns: For the response: whether it was sent, and otherwise why not.
    func send(_ message: MailMessage?) async throws -> JSONObject {
        guard let mail else { return ["sent": false, "note": "No mail server is configured: send the link yourself."] }
        guard let message else { return ["sent": false, "note": "There is no address to send mail to."] }
        do {
            try await mail.send(message, at: try await store.now())
            return ["sent": true]
        } catch let error as MailError {
            edge.logger.warning("Mail was not sent", metadata: ["error": "\(error)"])
            return ["sent": false, "note": "Mail could not be sent: send the link yourself. The log has the reason."]
        }
    }
}

import HTTPEdge
import ServiceModule

/// Where the platform's own OpenID provider is.
public struct ProviderLocation: Sendable {
    /// The path that all of it is below.
    public static let prefix = "/auth"

    private let publicURL: String?
    private let server: RunningServer?

    init(_ configuration: EdgeConfiguration, _ server: RunningServer) {
        publicURL = configuration.publicURL
        self.server = server
    }

    /// Of a platform that is known by this URL alone.
    package init(publicURL: String) {
        self.publicURL = publicURL
        server = nil
    }

    /// Of a server that is not this process, as far as the configuration tells.
    init(configured configuration: EdgeConfiguration) {
        self.init(publicURL: configuration.publicURL ?? "http://localhost:\(configuration.port)")
    }

    /// Scheme and authority of the platform: `server.publicURL`, and without it this machine by the name that browsers
    /// take for secure. Never the request's `Host`, which its sender chooses.
    ///
    /// Known once the server listens.
    public var origin: String { publicURL ?? "http://localhost:\(server?.port ?? 0)" }

    /// `iss` of the tokens.
    public var issuer: String { origin + Self.prefix }

    /// `aud` of access tokens: the platform, whichever of its interfaces is meant.
    public var audience: String { origin }

    /// Where an invited partner registers.
    public func invitationLink(_ token: String) -> String { "\(issuer)/invitation?token=\(token)" }

    /// Where somebody sets a password.
    public func passwordLink(_ token: String) -> String { "\(issuer)/password?token=\(token)" }
}

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

    /// Scheme and authority of the platform: `server.publicURL`, and without it this machine by the name that browsers
    /// take for secure. Never the request's `Host`, which its sender chooses.
    ///
    /// Known once the server listens.
    public var origin: String { publicURL ?? "http://localhost:\(server?.port ?? 0)" }

    /// `iss` of the tokens.
    public var issuer: String { origin + Self.prefix }

    /// `aud` of access tokens: the platform, whichever of its interfaces is meant.
    public var audience: String { origin }
}

import Mail
public import ServiceModule

/// The mail server that services hand mail to, if the configuration names one.
public struct MailModule: ServiceModule {
    public static let name = "mail"
    public static let summary = "Hands mail to the configured server."
    public static let isOnByDefault = false

    private let outgoing: OutgoingMail

    /// - `server` (string, default none): `smtp://HOST:PORT` or `smtps://HOST:PORT`; without one, nothing is sent.
    /// - `sender` (string): The address that mail comes from.
    /// - `user`, `password` (strings, default none): For servers that ask for them.
    /// - `requiresTLS` (bool, default true): Whether nothing is sent without TLS.
    /// - `authorityFile` (string, default none): Certificates of authorities (PEM) instead of the system's.
    public static func configuration(_ settings: Settings) throws -> OutgoingMail {
        let url = try settings.string("server")
        let sender = try settings.string("sender")
        let user = try settings.string("user")
        let password = try settings.string("password", isSecret: true)
        let requiresTLS = try settings.bool("requiresTLS", default: true)
        let authorityFile = try settings.string("authorityFile")
        guard let url else { return OutgoingMail(server: nil) }
        try settings.checked("server") { try MailServer.Configuration.check(url) }
        let address = try settings.checked("sender") {
            guard let address = sender.flatMap(MailAddress.init) else {
                throw CommandError("'\(sender ?? "")' is no address that mail can come from")
            }
            return address
        }
        var configuration = MailServer.Configuration(url: url, sender: address)
        configuration.user = user
        configuration.password = password
        configuration.requiresTLS = requiresTLS
        configuration.authorityFile = authorityFile
        return OutgoingMail(server: MailServer(configuration))
    }

    public init(_ context: ModuleContext<OutgoingMail>) throws {
        outgoing = context.configuration
    }

    public var capabilities: [any Sendable] { [outgoing] }

    public var facts: [String] {
        [outgoing.server.map { "Mail: \($0)" } ?? "Mail: none is sent; links are shown instead"]
    }
}

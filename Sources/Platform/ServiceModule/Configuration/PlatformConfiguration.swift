public import HTTPEdge
public import Logging

/// The configuration shared by all services, from the configuration file, the environment and the options of commands.
public struct PlatformConfiguration: Sendable {
    public static let defaultHome = "terrabyte-home"

    /// The directory of the platform's own files.
    public var home: String
    /// `nil`: writing over HTTP is disabled. Secret.
    public var operatorToken: String?
    public var logLevel = Logger.Level.notice
    /// Names of the services to run; `nil`: those that are on by default.
    public var services: [String]?
    public var edge = EdgeConfiguration()
    /// Of all sections, for modules.
    public let settings: Settings

    /// - `operatorToken` (string, secret, default none): Who sends it may write over HTTP.
    /// - `services` (strings, default: those that are on by default): Names of the services that a server runs.
    /// - `log.level` (string, default `notice`): `trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`;
    ///   `info` logs each request.
    /// - `server`: see `EdgeConfiguration`.
    ///
    /// - Throws: `CommandError` with the key and the fault of its value.
    public init(home: String, _ settings: Settings) throws {
        self.home = home
        self.settings = settings
        operatorToken = try settings.string("operatorToken", isSecret: true)
        services = try settings.strings("services")
        let log = settings.scoped(to: "log")
        let name = try log.string("level", default: logLevel.rawValue)
        logLevel = try log.checked("level") {
            guard let level = Logger.Level(rawValue: name.lowercased()) else {
                throw CommandError("'\(name)' is none of the log levels trace to critical")
            }
            return level
        }
        try edge.read(settings.scoped(to: "server"))
    }
}

extension PlatformConfiguration {
    /// Whether a server with this configuration runs a service, also for another one's sake.
    public func runs(_ service: String) -> Bool {
        let selected = try? CommandEnvironment.modules.selected(services)
        return selected?.contains { $0.name == service } ?? false
    }
}

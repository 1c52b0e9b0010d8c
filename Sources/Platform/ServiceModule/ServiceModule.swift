public import ArgumentParser
public import HTTPEdge
public import ServiceLifecycle

/// A service of the platform: its routes, background work, commands, configuration, readiness and metrics.
///
/// A server is the list of modules that its configuration names; see `ModuleComposition`. Servers never import each
/// other: a capability that two of them need is provided by a third module.
public protocol ServiceModule: Sendable {
    associatedtype Configuration: Sendable = Void
    /// Unique; for `--services`, as the section of the configuration, and in the log.
    static var name: String { get }
    /// One sentence.
    static var summary: String { get }
    /// Whether a server has it that names no services.
    static var isOnByDefault: Bool { get }
    /// Names of the modules that must be there before it, and stop after it.
    static var dependencies: [String] { get }
    /// Subcommands of the program.
    static var commands: [any ParsableCommand.Type] { get }

    /// Reads all keys of its section, also those that it does not need with the values that they have: other keys are
    /// errors.
    ///
    /// - Throws: `CommandError` with the key and the fault of its value.
    static func configuration(_ settings: Settings) throws -> Configuration

    /// - Throws: `CommandError` for what the module needs and does not have.
    init(_ context: ModuleContext<Configuration>) throws

    func addRoutes(to routes: inout RouteGroup)
    /// Background services. One that returns has completed; one that throws stops the server.
    var services: [any Service] { get }
    var readiness: [ReadinessCheck] { get }
    /// Asked in turn who sends a request, after those of the server.
    var authenticators: [any Authenticator] { get }
    /// Capabilities, by type, which dependent modules get from their context.
    var capabilities: [any Sendable] { get }
    /// Entry points for people and programs: printed when the server listens.
    var entryPoints: [EntryPoint] { get }
    /// What an operator wants to see at the start, a line each: printed below the entry points.
    var facts: [String] { get }
}

/// An address of a module that a person may want to open.
public struct EntryPoint: Sendable, Hashable {
    public let title: String
    /// From the root of the server.
    public let path: String

    public init(_ title: String, path: String) {
        self.title = title
        self.path = path
    }
}

extension ServiceModule {
    public static var isOnByDefault: Bool { true }
    public static var dependencies: [String] { [] }
    public static var commands: [any ParsableCommand.Type] { [] }
    public func addRoutes(to routes: inout RouteGroup) {}
    public var services: [any Service] { [] }
    public var readiness: [ReadinessCheck] { [] }
    public var authenticators: [any Authenticator] { [] }
    public var capabilities: [any Sendable] { [] }
    public var entryPoints: [EntryPoint] { [] }
    public var facts: [String] { [] }
}

extension ServiceModule where Configuration == Void {
    public static func configuration(_ settings: Settings) {}
}

public import HTTPEdge
public import Logging
public import Telemetry

/// What services may do with the directory of the platform's own files.
public enum HomeAccess: Sendable {
    /// It has to be there.
    case existing
    /// What is missing is created.
    case create
    /// It has to be there, and nothing is written to it.
    case readOnly
}

/// The context of a module: its configuration, and the resources shared by all modules.
public struct ModuleContext<Configuration: Sendable>: Sendable {
    /// Of the module, as it was registered.
    public let name: String
    /// Whether the operator has named it, rather than having it by default or for another one's sake.
    public let isNamed: Bool
    /// The directory of the platform's own files.
    public let home: String
    public let homeAccess: HomeAccess
    /// As the module has read it from its section.
    public let configuration: Configuration
    /// Its configuration, threads and deadlines.
    public let edge: EdgeServer
    /// What becomes of the modules together.
    public let server: RunningServer
    let capabilities: [any Sendable]

    public var logger: Logger { edge.logger }
    /// The backend for metrics: `Counter(label: "…_total", factory: context.telemetry)`.
    public var telemetry: MetricRegistry { edge.telemetry }

    /// A capability provided by a module on which this one depends.
    ///
    /// - Throws: `CommandError` when none does: a dependency is not declared.
    public func capability<Capability>(_ type: Capability.Type) throws -> Capability {
        guard let found = capabilities.lazy.compactMap({ $0 as? Capability }).first else {
            throw CommandError("The service '\(name)' needs \(type), which nothing that it depends on provides.")
        }
        return found
    }
}

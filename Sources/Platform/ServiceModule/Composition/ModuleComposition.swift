public import HTTPEdge
import JSON
import Logging
import ServiceLifecycle
import Synchronization
import Telemetry
import UnixSignals

/// The modules of one server, made and wired: nothing here knows any of them.
public struct ModuleComposition: Sendable {
    private struct Member: Sendable {
        let name: String
        let module: any ServiceModule
    }

    /// Dependencies first.
    private let members: [Member]
    package let edge: EdgeServer
    public let routes: RouteTable
    public let readiness: [ReadinessCheck]
    private let server: RunningServer

    /// - Parameters:
    ///   - names: Services to run; `nil`: those on by default.
    ///   - home: The directory of the platform's own files.
    ///   - settings: Read by the modules.
    /// - Throws: `CommandError`, or a module's error.
    public init(
        _ registrations: [ModuleRegistration], _ names: [String]?, edge: EdgeServer, home: String,
        access: HomeAccess, settings: Settings
    ) throws {
        let selected = try registrations.selected(names)
        let server = RunningServer(serviceNames: selected.map(\.name))
        var members: [Member] = []
        for registration in selected {
            func make<Module: ServiceModule>(_ type: Module.Type) throws -> Module {
                let configuration = try type.configuration(settings.scoped(to: registration.name))
                return try type.init(
                    ModuleContext(
                        name: registration.name, isNamed: names?.contains(registration.name) ?? false, home: home,
                        homeAccess: access,
                        configuration: configuration, edge: edge, server: server,
                        capabilities: members.flatMap(\.module.capabilities)))
            }
            members.append(Member(name: registration.name, module: try make(registration.type)))
        }
        self.members = members
        var edge = edge
        edge.authenticators += members.flatMap(\.module.authenticators)
        self.edge = edge
        edge.telemetry.add { FreeSpace(at: home)?.metrics ?? [] }
        self.server = server
        readiness =
            [ReadinessCheck("http") { [weak server] in server?.port == nil ? "no connections are accepted yet" : nil }]
            + members.flatMap(\.module.readiness)
        server.readiness = readiness
        routes = try Self.table(members, edge, members.flatMap(\.module.readiness))
    }

    private static func table(
        _ members: [Member], _ edge: EdgeServer, _ readiness: [ReadinessCheck]
    ) throws -> RouteTable {
        var table = RouteTable()
        let timeout = edge.configuration.requestTimeout
        for member in members {
            var group = RouteGroup(member.name, timeout: timeout)
            member.module.addRoutes(to: &group)
            try table.add(group)
        }
        var operations = RouteGroup("operations", timeout: timeout)
        // The description is one of the routes that it describes.
        let described = DescribedTable(table)
        if !table.routes.contains(where: { $0.path == "/" }) {
            OperationsRoutes(edge).addStart(
                to: &operations, members.flatMap(\.module.entryPoints).map { ($0.title, $0.path) })
        }
        OperationsRoutes(edge).add(to: &operations, readiness: readiness) { server in
            described.table.openAPI(title: "terrabyte", version: "1.0.0", server: server)
        }
        try table.add(operations)
        described.table = table
        return table
    }

    /// Whether people and programs sign in, so that there are rights beside the operator's.
    public var hasAccounts: Bool { edge.authenticators.contains { $0.signInHint != nil } }

    /// A capability that a module provides, for tests.
    package func capability<Capability>(_ type: Capability.Type) -> Capability? {
        members.lazy.flatMap(\.module.capabilities).compactMap { $0 as? Capability }.first
    }

    public var entryPoints: [EntryPoint] { members.flatMap(\.module.entryPoints) }
    /// See `ServiceModule.facts`.
    public var facts: [String] { members.flatMap(\.module.facts) }

    /// Serves until SIGTERM or SIGINT. Then the server takes no more requests, and modules stop in the reverse of the
    /// order in which they started; each has `shutdownTimeout` for that.
    ///
    /// - Parameters:
    ///   - notifier: Notified when the server is ready, and when it stops.
    ///   - onReload: Called at SIGHUP, which otherwise does nothing.
    ///   - onListening: Called with the port once connections are accepted.
    public func run(
        notifier: SystemdNotifier? = nil, onReload: @escaping @Sendable () async -> Void = {},
        onListening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let state = server
        let server = edge.server(routes) { port in
            state.port = port
            await onListening(port)
        }
        var services = [
            supervised(edge.deadlines, "deadlines"), supervised(ReloadWatch(onReload: onReload), "reload"),
        ]
        for member in members {
            services += member.module.services.map { supervised($0, member.name) }
        }
        services.append(supervised(ReadinessWatch(checks: readiness, edge: edge, notifier: notifier), "readiness"))
        let http = ServiceGroupConfiguration.ServiceConfiguration(
            // Connections end within the deadline by themselves, and say so.
            service: supervised(server, "http", patience: .seconds(2)),
            successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        let group = ServiceGroupConfiguration(
            services: services.map(Self.configuration(of:)) + [http], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: edge.logger)
        let result = await Result { try await ServiceGroup(configuration: group).run() }
        await edge.shutDown()
        try result.get()
    }

    /// One that has done its work does not end the server, as it would by default.
    static func configuration(of service: SupervisedService) -> ServiceGroupConfiguration.ServiceConfiguration {
        .init(
            service: service, successTerminationBehavior: .ignore,
            failureTerminationBehavior: .gracefullyShutdownGroup)
    }

    private func supervised(
        _ service: any Service, _ name: String, patience: Duration = .zero
    ) -> SupervisedService {
        SupervisedService(
            service: service, name: name, deadline: edge.configuration.shutdownTimeout + patience, logger: edge.logger)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// The table of routes, once it is complete.
private final class DescribedTable: Sendable {
    private let value: Mutex<RouteTable>

    init(_ table: RouteTable) {
        value = Mutex(table)
    }

    var table: RouteTable {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

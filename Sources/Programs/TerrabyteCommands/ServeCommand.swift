import ArgumentParser
import HTTPEdge
import Logging
import ProcessMemory
import ServiceModule

/// Runs services until a signal to stop.
struct ServeCommand<Services: ServiceList>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        let services = Services.modules.map { "  \($0.name)\($0.isOnByDefault ? "" : " (with others)"): \($0.summary)" }
        return CommandConfiguration(
            commandName: "serve", abstract: "Run the platform's services, until SIGINT or SIGTERM.",
            discussion: """
                Writing over HTTP needs the operator token: "operatorToken" in the configuration file, or \
                TERRABYTE_OPERATOR_TOKEN in the environment.

                Services:
                \(services.joined(separator: "\n"))
                """)
    }

    @OptionGroup var common: CommonOptions
    @Option(help: "Address to listen on (default: 127.0.0.1).") var host: String?
    @Option(help: "Port to listen on; 0: any free one (default: 8080).") var port: Int?
    @Option(help: ArgumentHelp("Services to run, with commas between (default: all).", valueName: "names"))
    var services: String?
    @Flag(help: "Only read: nothing is written to the directory of the catalogue, and no writes are taken.")
    var readOnly = false

    @Flag(help: "Begin an empty catalogue where there is none.")
    var create = false

    func validate() throws {
        if create, readOnly { throw ValidationError("--create and --read-only exclude each other.") }
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port must be in 0...65535.") }
    }

    func run() async throws {
        ignoreHangup()
        // Responses of megabytes are made one after the other, now on one thread, now on another.
        AllocatorTuning.retainFreed(blocksUpTo: 32 << 20, atMost: 64 << 20)
        AllocatorTuning.limitArenas()
        var configuration = try await common.configuration()
        configuration.edge.host = host ?? configuration.edge.host
        configuration.edge.port = port ?? configuration.edge.port
        let level = LogLevel(configuration.logLevel)
        let errors = Console.current.errors
        let logger = Logger(label: "terrabyte") { _ in JSONLogHandler(level, write: errors) }
        raiseDescriptorLimit()
        let edge = EdgeServer(
            configuration: configuration.edge, operatorToken: configuration.operatorToken, logger: logger,
            telemetry: CommandEnvironment.telemetry)
        let names = services.map { $0.split(separator: ",").map { $0.filter { $0 != " " } } } ?? configuration.services
        let composition = try ModuleComposition(
            Services.modules, names, edge: edge, home: configuration.home,
            access: readOnly ? .readOnly : create ? .create : .existing, settings: configuration.settings)
        let host = configuration.edge.host
        let authority = host.contains(":") ? "[\(host)]" : host
        let notifier = SystemdNotifier(path: CommandEnvironment.variables["NOTIFY_SOCKET"])
        let hasToken = configuration.operatorToken != nil
        do {
            let sources = common.sources
            let onReload: @Sendable () async -> Void = { await reload(level, sources, logger) }
            try await composition.run(notifier: notifier, onReload: onReload) { port in
                let url = "http://\(authority):\(port)"
                let entries = composition.entryPoints.map { "  \($0.title): \(url)\($0.path)" }
                let consequence = composition.hasAccounts ? "" : "; nothing can be written over HTTP"
                let token = hasToken ? "set" : "not set\(consequence)"
                let facts = (composition.facts + ["Operator token: \(token)"]).map { "  \($0)" }
                Console.print((["Listening on \(url)"] + entries + facts).joined(separator: "\n"))
            }
        } catch {
            logger.critical("The server has failed", metadata: ["error": "\(line(for: error))"])
            throw ExitCode.failure
        }
    }
}

/// Of the configuration, only the level of the log can change while a server runs.
private func reload(_ level: LogLevel, _ sources: ConfigurationSources, _ logger: Logger) async {
    do {
        level.value = try await sources.configuration().logLevel
        logger.notice("Log level read again", metadata: ["log.level": "\(level.value)"])
    } catch {
        logger.warning("Configuration cannot be read", metadata: ["error": "\(line(for: error))"])
    }
}

import ArgumentParser
import Catalogue
import CatalogueExport
import CatalogueSQLite
import HTTPEdge
import Logging
import ProcessMemory
import STACServer
import ServiceLifecycle

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the catalogue over HTTP, until SIGINT or SIGTERM.",
        discussion: """
            Writing over HTTP needs the operator token: "operatorToken" in the configuration file, or \
            TERRABYTE_OPERATOR_TOKEN in the environment.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "Address to listen on (default: 127.0.0.1).") var host: String?
    @Option(help: "Port to listen on; 0: any free one (default: 8080).") var port: Int?

    func validate() throws {
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port must be in 0...65535.") }
    }

    func run() async throws {
        // Responses of megabytes are made one after the other, now on one thread, now on another.
        AllocatorTuning.keep(blocksUpTo: 32 << 20, atMost: 64 << 20)
        AllocatorTuning.shareAmongThreads()
        var configuration = try await common.configuration()
        configuration.edge.host = host ?? configuration.edge.host
        configuration.edge.port = port ?? configuration.edge.port
        let level = configuration.logLevel
        let logger = Logger(label: "terrabyte") { _ in JSONLogHandler(level: level, write: Console.current.errors) }
        let catalogue = try CatalogueEngine(
            home: configuration.home, index: .permanent, cacheByteCount: configuration.cacheByteCount
        ) {
            logger.warning("Waiting for a command that keeps the index")
        }
        let edge = EdgeServer(
            configuration: configuration.edge, operatorToken: configuration.operatorToken, logger: logger)
        let router = edge.router { (try? catalogue.collections()) != nil }
        let api = configuration.api
        let server = STACServer(catalogue, edge: edge, configuration: api)
        server.addRoutes(to: router)
        let host = configuration.edge.host
        let authority = host.contains(":") ? "[\(host)]" : host
        let warmUp = min(configuration.warmUpByteCount, (AvailableMemory.byteCount ?? .max) / 2)
        var services: [any Service] = [
            CatalogueMaintenance(engine: catalogue, logger: logger, warmUpByteCount: warmUp)
        ]
        if let export = configuration.export { services.append(Self.service(export, of: catalogue, logger)) }
        try await edge.run(router, prompt: server.promptResponder, with: services) { port in
            Console.print("Listening on http://\(authority):\(port)\(api.prefix)")
        }
    }

    private static func service(
        _ configuration: ExportConfiguration, of catalogue: CatalogueEngine, _ logger: Logger
    ) -> ExportService {
        var options = CatalogueExport.Options()
        options.threadCount = configuration.threadCount
        options.layout = configuration.layout
        options.mirror = configuration.mirror
        return ExportService(
            export: CatalogueExport(of: catalogue, to: configuration.directory, options: options),
            interval: .seconds(configuration.intervalSeconds), logger: logger)
    }
}

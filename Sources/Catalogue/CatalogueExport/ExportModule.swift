public import ArgumentParser
import Catalogue
import DatabaseHosting
import Logging
public import ServiceLifecycle
public import ServiceModule

/// Exports that a server makes on its own, as a service; and the command that makes one.
public struct ExportModule: ServiceModule {
    public static let name = "export"
    public static let summary = "Writes the catalogue as GeoParquet files periodically."
    public static let dependencies = ["catalogue"]
    public static let commands: [any ParsableCommand.Type] = [ExportCommand.self]

    public let services: [any Service]

    /// See `ExportConfiguration`.
    public static func configuration(_ settings: Settings) throws -> ExportConfiguration? {
        try ExportConfiguration(settings)
    }

    public init(_ context: ModuleContext<ExportConfiguration?>) throws {
        guard let configuration = context.configuration else {
            guard !context.isNamed else {
                throw CommandError("export.directory: must be set where the service 'export' is named")
            }
            services = []
            return
        }
        let leases = try context.capability(WorkLeases.self)
        if leases.isShared, context.homeAccess == .readOnly {
            guard !context.isNamed else {
                throw CommandError(
                    "The service 'export' cannot run with --read-only: it has to write to the database which node exports."
                )
            }
            context.logger.notice("Exports are left to other nodes, since this one only reads")
            services = []
            return
        }
        var options = CatalogueExport.Options()
        options.threadCount = configuration.threadCount
        options.layout = configuration.layout
        options.mirror = configuration.mirror
        let hasAccounts = context.server.serviceNames.contains("identity")
        options.visible = (configuration.exported ?? .standard(hasAccounts: hasAccounts)).visible
        let engine = try context.capability(CatalogueEngine.self)
        services = [
            ExportService(
                export: CatalogueExport(of: engine, to: configuration.directory, options: options),
                interval: .seconds(configuration.intervalSeconds), leases: leases, logger: context.logger)
        ]
    }
}

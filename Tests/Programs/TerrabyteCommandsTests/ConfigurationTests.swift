import ArgumentParser
import DatabaseHosting
import HTTPEdge
import Logging
import SQLDatabase
import STACGeoParquet
import TestKit
import Testing

@testable import CatalogueExport
@testable import STACServer
@testable import ServiceModule
@testable import TerrabyteCommands

@Suite("Configuration") struct ConfigurationTests {
    /// The settings that a file's content and variables lead to.
    private static func read(
        _ file: String?, _ environment: [String: String] = [:], arguments: [String] = []
    ) async throws -> PlatformConfiguration {
        try await withTemporaryDirectory { home in
            if let file { try home.write(file, to: "terrabyte.json") }
            let options = try CommonOptions.parse(["--home", home.path] + arguments)
            return try await CommandEnvironment.$modules.withValue(TerrabyteServices.modules) {
                try await options.configuration(environment: environment)
            }
        }
    }

    /// Makes the services that a server with this configuration has.
    private static func compose(_ file: String, services: [String]? = nil) async throws {
        let configuration = try await Self.read(file)
        try await withTemporaryDirectory { home in
            let edge = EdgeServer(
                configuration: configuration.edge, operatorToken: nil,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let result = Result {
                try ModuleComposition(
                    TerrabyteServices.modules, services ?? configuration.services, edge: edge, home: home.path,
                    access: .create,
                    settings: configuration.settings)
            }
            await edge.shutDown()
            _ = try result.get()
        }
    }

    @Test("has defaults for everything")
    func defaults() async throws {
        let configuration = try await Self.read(nil)
        #expect(configuration.operatorToken == nil)
        #expect(configuration.services == nil)
        #expect(configuration.logLevel == .notice)
        #expect(configuration.edge.host == "127.0.0.1")
        #expect(configuration.edge.port == 8080)
        #expect(try await CommonOptions.parse([]).configuration(environment: [:]).home == "terrabyte-home")
        #expect(try await CommonOptions.parse([]).configuration(environment: ["TERRABYTE_HOME": "/x"]).home == "/x")
        try await Self.compose("{}")
    }

    @Test("is read from a file, and from the environment above it")
    func sources() async throws {
        let file = """
            {"operatorToken": "f", "log": {"level": "INFO"}, "services": ["stac"],
             "catalogue": {"warmUpByteCount": 5}, "export": {"directory": "/x", "layout": "text-assets"},
             "server": {"port": 81, "publicURL": "https://stac.example.org/", "gzipMinimumByteCount": 0},
             "stac": {"title": "Ours", "maximumLimit": 50}}
            """
        let fromFile = try await Self.read(file)
        #expect(fromFile.operatorToken == "f")
        #expect(fromFile.logLevel == .info)
        #expect(fromFile.services == ["stac"])
        #expect(try fromFile.settings.scoped(to: "catalogue").int("warmUpByteCount", in: 0...9, default: 1) == 5)
        let export = try #require(try ExportConfiguration(fromFile.settings.scoped(to: "export")))
        #expect(export.directory == "/x")
        #expect(export.layout == .text)
        #expect(fromFile.edge.port == 81)
        #expect(fromFile.edge.publicURL == "https://stac.example.org")
        #expect(fromFile.edge.gzipMinimumByteCount == nil)
        var api = STACServer.Configuration()
        try api.read(fromFile.settings.scoped(to: "stac"))
        #expect(api.title == "Ours")
        #expect(api.maximumLimit == 50)

        let both = try await Self.read(
            file,
            [
                "TERRABYTE_OPERATOR_TOKEN": "e", "TERRABYTE_SERVER_PORT": "82", "TERRABYTE_STAC_MAXIMUM_LIMIT": "60",
                "TERRABYTE_SERVER_REQUEST_TIMEOUT_SECONDS": "5", "TERRABYTE_LOG_LEVEL": "debug",
                "TERRABYTE_SERVICES": "stac,export",
            ])
        #expect(both.operatorToken == "e")
        #expect(both.edge.port == 82)
        #expect(both.edge.requestTimeout == .seconds(5))
        #expect(both.services == ["stac", "export"])
        try api.read(both.settings.scoped(to: "stac"))
        #expect(api.maximumLimit == 60)
        #expect(both.logLevel == .debug)
    }

    @Test("takes the database from the option, else from TERRABYTE_DATABASE, else as any other key")
    func database() async throws {
        let file = #"{"database": {"url": "postgresql://file:secret@a.example/x"}}"#
        let variables = ["TERRABYTE_DATABASE_URL": "postgresql://b.example/x"]
        let short = ["TERRABYTE_DATABASE": "postgresql://c.example/x"]
        let option = ["--database", "postgresql://d.example/x"]
        func shown(_ environment: [String: String], _ arguments: [String] = []) async throws -> [String] {
            let settings = try await Self.read(file, environment, arguments: arguments).settings
            let url = try #require(settings.effective.first { $0.key == "database.url" })
            let database = try DatabaseSettings(settings.scoped(to: "database")).postgreSQL
            #expect(database.map { "\($0.location)" } == url.value)
            return [url.value ?? "", url.origin.description]
        }
        let fromFile = try await shown([:])
        #expect(fromFile[0] == "postgresql://file@a.example/x" && fromFile[1].hasSuffix("terrabyte.json"))
        #expect(try await shown(variables) == ["postgresql://b.example/x", "TERRABYTE_DATABASE_URL"])
        let both = variables.merging(short) { $1 }
        #expect(try await shown(both) == ["postgresql://c.example/x", "TERRABYTE_DATABASE"])
        #expect(try await shown(both, option) == ["postgresql://d.example/x", "--database"])
        let embedded = try await Self.read(nil, arguments: ["--database", "sqlite:services.sqlite"]).settings
        #expect(try DatabaseSettings(embedded.scoped(to: "database")).postgreSQL == nil)
        let error = await #expect(throws: CommandError.self) {
            try await Self.read(nil, ["TERRABYTE_DATABASE": "mysql://user:secret@x/y"])
        }
        #expect(
            error?.description.hasPrefix("database.url: ") == true && error?.description.contains("secret") == false)
    }

    @Test(
        "is rejected with the key that is wrong",
        arguments: [
            (#"{"server": {"port": 70000}}"#, "server.port: 70000 is not in 0...65535"),
            (#"{"server": {"port": "many"}}"#, "server.port: 'many' is not a whole number"),
            (#"{"log": {"level": "loud"}}"#, "log.level: 'loud' is none of the log levels trace to critical"),
            (#"{"server": {"publicURL": "stac"}}"#, "server.publicURL: 'stac' is no http or https URL"),
            (
                #"{"catalogue": {"warmUpByteCount": -1}}"#, "catalogue.warmUpByteCount: -1 is not in 0...1099511627776"
            ),
            (
                #"{"export": {"directory": "/x", "layout": "rows"}}"#,
                "export.layout: must be geoparquet or text-assets; is \"rows\""
            ),
            (#"{"stac": {"prefix": "api/"}}"#, "stac.prefix: 'api/' is no path such as /public/api"),
            (#"{"stac": {"assetLocation": "s3"}}"#, "stac.assetLocation: 's3' is none of assetLocations"),
            (#"{"server": {"prot": 80}}"#, "server.prot: there is no such key (did you mean 'server.port'?)"),
            (
                #"{"stacapi": {"defaultLimit": 5}}"#,
                "stacapi.defaultLimit: there is no such key (did you mean 'stac.defaultLimit'?)"
            ),
            (#"{"nothing": {"at": {"all": 1}}}"#, "nothing.at.all: there is no such key"),
            (#"{"export": {"mirrors": "/x"}}"#, "export.mirrors: there is no such key (did you mean 'export.mirror'?)"),
            (#"{"stac": {"title": 5}}"#, "stac.title: must be a text"),
            (#"{"server": {"port": 1.5}}"#, "server.port: must be a whole number"),
            (#"{"services": "stac"}"#, "services: must be a list of texts"),
            (
                #"{"services": ["stack"]}"#,
                "There is no service 'stack' (did you mean 'stac'?); there are catalogue, database, identity, auth, stac, private-stac, export."
            ),
        ])
    func rejections(file: String, message: String) async throws {
        let error = await #expect(throws: CommandError.self) { try await Self.compose(file) }
        #expect(error?.description == message)
    }

    @Test("may have sections of services that do not run, and must have what a named one needs")
    func sections() async throws {
        try await Self.compose(#"{"export": {"directory": "/x"}}"#, services: ["stac"])
        let error = await #expect(throws: CommandError.self) { try await Self.compose("{}", services: ["export"]) }
        #expect(error?.description == "export.directory: must be set where the service 'export' is named")
    }

    @Test(
        "is rejected with the variable that is wrong",
        arguments: [
            (
                ["TERRABYTE_SERVER_PROT": "80"],
                "TERRABYTE_SERVER_PROT: there is no such setting (did you mean 'TERRABYTE_SERVER_PORT'?)"
            ),
            (
                ["TERRABYTE_TOKEN": "x"],
                "TERRABYTE_TOKEN: there is no such setting (did you mean 'TERRABYTE_OPERATOR_TOKEN'?)"
            ),
            (["TERRABYTE_SERVER_THREAD_COUNT": "0"], "server.threadCount: 0 is not in 1...1024"),
        ])
    func variables(environment: [String: String], message: String) async throws {
        let error = await #expect(throws: CommandError.self) { try await Self.read(nil, environment) }
        #expect(error?.description == message)
    }

    @Test("is not confused by variables that a container has for a service of this name")
    func serviceDiscovery() async throws {
        let configuration = try await Self.read(
            nil,
            [
                "TERRABYTE_SERVICE_HOST": "10.0.0.1", "TERRABYTE_SERVICE_PORT_HTTP": "80",
                "TERRABYTE_PORT": "tcp://10.0.0.1:80", "TERRABYTE_PORT_80_TCP_PROTO": "tcp", "TERRABYTE_HOME": "/x",
                "TERRABYTE_STAC_TITLE": "",
            ])
        #expect(configuration.services == nil)
        #expect(configuration.settings.effective.allSatisfy { $0.origin == .defaultValue })
    }

    @Test("has a variable for each key, named as the library that reads it names it")
    func variableNames() async throws {
        let keys = try await Self.read(nil).settings.effective.map(\.key)
        #expect(keys.count > 30)
        for key in keys {
            let variable = SettingsSource.variable(of: key)
            do {
                let settings = try await Self.read(nil, [variable: "77777"]).settings.effective
                #expect(settings.first { $0.key == key }?.origin == .variable(variable))
            } catch {
                // Those for which it is no value say so.
                #expect("\(error)".hasPrefix(key + ": "), "\(variable)")
            }
        }
    }

    @Test("must be there when it is named, and be JSON")
    func files() async throws {
        await #expect(throws: CommandError.self) { try await Self.read(nil, arguments: ["--config", "/nowhere.json"]) }
        await #expect(throws: CommandError.self) { try await Self.read("{") }
    }
}

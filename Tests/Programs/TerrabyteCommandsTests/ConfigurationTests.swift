import ArgumentParser
import Configuration
import HTTPEdge
import Logging
import STACGeoParquet
import STACServer
import TestKit
import Testing

@testable import TerrabyteCommands

@Suite("Configuration") struct ConfigurationTests {
    /// The settings that a file's content and variables lead to.
    private static func read(
        _ file: String?, _ environment: [String: String] = [:], arguments: [String] = []
    ) async throws -> TerrabyteConfiguration {
        try await withTemporaryDirectory { directory in
            let home = directory.path
            if let file { try directory.write(file, to: "terrabyte.json") }
            let options = try CommonOptions.parse(["--home", home] + arguments)
            var configuration = try await options.configuration(environment: environment)
            configuration.home = ""
            return configuration
        }
    }

    @Test("has defaults for everything")
    func defaults() async throws {
        let configuration = try await Self.read(nil)
        #expect(configuration.operatorToken == nil)
        #expect(configuration.logLevel == .notice)
        #expect(configuration.edge.host == "127.0.0.1")
        #expect(configuration.edge.port == 8080)
        #expect(configuration.api.maximumLimit == 10_000)
        #expect(try await CommonOptions.parse([]).configuration(environment: [:]).home == "terrabyte-home")
        #expect(try await CommonOptions.parse([]).configuration(environment: ["TERRABYTE_HOME": "/x"]).home == "/x")
    }

    @Test("is read from a file, and from the environment above it")
    func sources() async throws {
        let file = """
            {"operatorToken": "f", "log": {"level": "INFO"},
             "warmUpByteCount": 5, "export": {"directory": "/x", "layout": "text-assets"},
             "server": {"port": 81, "publicURL": "https://stac.example.org/", "gzipMinimumByteCount": 0},
             "api": {"title": "Ours", "maximumLimit": 50}}
            """
        let fromFile = try await Self.read(file)
        #expect(fromFile.operatorToken == "f")
        #expect(fromFile.logLevel == .info)
        #expect(fromFile.warmUpByteCount == 5)
        #expect(fromFile.export?.directory == "/x")
        #expect(fromFile.export?.layout == .text)
        #expect(fromFile.edge.port == 81)
        #expect(fromFile.edge.publicURL == "https://stac.example.org")
        #expect(fromFile.edge.gzipMinimumByteCount == nil)
        #expect(fromFile.api.title == "Ours")
        #expect(fromFile.api.maximumLimit == 50)

        let both = try await Self.read(
            file,
            [
                "TERRABYTE_OPERATOR_TOKEN": "e", "TERRABYTE_SERVER_PORT": "82", "TERRABYTE_API_MAXIMUM_LIMIT": "60",
                "TERRABYTE_SERVER_REQUEST_TIMEOUT_SECONDS": "5", "TERRABYTE_LOG_LEVEL": "debug",
            ])
        #expect(both.operatorToken == "e")
        #expect(both.edge.port == 82)
        #expect(both.edge.requestTimeout == .seconds(5))
        #expect(both.api.maximumLimit == 60)
        #expect(both.logLevel == .debug)
    }

    @Test(
        "is refused with the key that is wrong",
        arguments: [
            (#"{"server": {"port": 70000}}"#, "server.port: 70000 is not in 0...65535"),
            (#"{"server": {"port": "many"}}"#, "server.port: 'many' is not a whole number"),
            (#"{"log": {"level": "loud"}}"#, "log.level: 'loud' is none of the log levels trace to critical"),
            (#"{"server": {"publicURL": "stac"}}"#, "server.publicURL: 'stac' is no http or https URL"),
            (#"{"warmUpByteCount": -1}"#, "warmUpByteCount: -1 is not in 0...1099511627776"),
            (
                #"{"export": {"directory": "/x", "layout": "rows"}}"#,
                "export.layout: must be geoparquet or text-assets; is \"rows\""
            ),
        ])
    func refusals(file: String, message: String) async throws {
        let error = await #expect(throws: CommandError.self) { try await Self.read(file) }
        #expect(error?.description == message)
    }

    @Test("must be there when it is named, and be JSON")
    func files() async throws {
        await #expect(throws: CommandError.self) { try await Self.read(nil, arguments: ["--config", "/nowhere.json"]) }
        await #expect(throws: CommandError.self) { try await Self.read("{") }
    }
}

import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ServiceModule
import Synchronization
import TestKit
import Testing

@testable import TerrabyteCommands

/// The list with one line more.
private enum ExtendedServices: ServiceList {
    static let modules = TerrabyteServices.modules + [ModuleRegistration(EchoModule.self)]
}

@Suite("A service that is added") struct ExampleServiceTests {
    private typealias Program = ServiceProgram<ExtendedServices>

    @Test("takes fewer than 60 lines, blank ones and comments aside")
    func size() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "ExampleService.swift")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }.count < 60)
    }

    @Test("has its command, with its key of the configuration")
    func command() async throws {
        try await withTemporaryDirectory { home in
            try home.write(#"{"echo": {"greeting": "Servus"}}"#, to: "terrabyte.json")
            let output = Mutex("")
            let console = Console(
                output: { text in output.withLock { $0 += text } }, errors: { _ in }, isTerminal: false)
            try await Console.$current.withValue(console) {
                var command = try Program.parseAsRoot(["echo", "there", "--home", home.path])
                guard var command = command as? any AsyncParsableCommand else { return try command.run() }
                try await command.run()
            }
            #expect(output.withLock { $0 } == "Servus there\n")
        }
    }

    @Test("has its route, its metric and its readiness, and the server outlives its work; others run beside it or not")
    func server() async throws {
        try await withTemporaryDirectory { home in
            try home.write(#"{"echo": {"greeting": "Servus"}, "services": ["echo"]}"#, to: "terrabyte.json")
            try await withServer(home: home.path) { url in
                try await waitUntil("The server is not ready.") { try await get(url + "/readyz").status == 200 }
                #expect(try await get(url + "/echo/there") == (200, "Servus there"))
                #expect(try await get(url + "/metrics").body.contains("\necho_words_total 1\n"))
                #expect(try await get(url + "/openapi.json").body.contains("echo.getEcho"))
                // The configuration does not name the STAC API.
                #expect(try await get(url + "/public/api").status == 404)
            }
        }
    }

    private func get(_ url: String) async throws -> (status: UInt, body: String) {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(60))
        return (response.status.code, String(buffer: try await response.body.collect(upTo: 1 << 22)))
    }

    /// Runs `terrabyte serve`, as long as `body` takes.
    private func withServer(home: String, _ body: (String) async throws -> Void) async throws {
        let (lines, continuation) = AsyncStream<String>.makeStream()
        let console = Console(output: { continuation.yield($0) }, errors: { _ in }, isTerminal: false)
        let server = Task {
            try await Console.$current.withValue(console) {
                let command = try Program.parseAsRoot(["serve", "--port", "0", "--home", home])
                var serve = try #require(command as? any AsyncParsableCommand)
                try await serve.run()
            }
            continuation.finish()
        }
        defer { server.cancel() }
        let line = try #require(await lines.first { $0.hasPrefix("Listening on ") })
        try await body(String(line.dropFirst("Listening on ".count).prefix { $0 != "\n" }))
        server.cancel()
        _ = await server.result
    }
}

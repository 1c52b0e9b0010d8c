import ArgumentParser
import Catalogue
import JSON
import ServiceModule
import Synchronization
import TestKit
import Testing

@testable import CatalogueHosting
@testable import TerrabyteCommands

@Suite("Commands") struct CommandTests {
    private struct Outcome: Equatable {
        var output = ""
        var errors = ""
        var code: Int32 = 0
    }

    /// Runs a command as the shell would.
    private static func run(_ arguments: String..., home: String) async -> Outcome {
        await run(arguments, home: home)
    }

    private static func run(_ arguments: [String], home: String) async -> Outcome {
        let outcome = Mutex(Outcome())
        let console = Console(
            output: { text in outcome.withLock { $0.output += text } },
            errors: { text in outcome.withLock { $0.errors += text } }, isTerminal: false)
        await Console.$current.withValue(console) {
            do {
                var command = try Terrabyte.parseAsRoot(arguments + ["--home", home])
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            } catch {
                outcome.withLock { outcome in
                    outcome.code = Terrabyte.exitCode(for: error).rawValue
                    outcome.errors += Terrabyte.message(for: error)
                }
            }
        }
        return outcome.withLock { $0 }
    }

    private static func item(_ id: String, datetime: String = "2024-01-01T00:00:00Z") -> String {
        #"{"type":"Feature","stac_version":"1.1.0","id":"\#(id)","geometry":null,"properties":{"datetime":"\#(datetime)"},"links":[],"assets":{}}"#
    }

    @Test("put, list, get and delete Collections")
    func collections() async throws {
        try await withTemporaryDirectory { directory in
            let home = directory.path
            let file = try directory.write(JSONValue(parsing: LoadItems.plainCollection("c")).jsonText, to: "c.json")
            #expect(await Self.run("collections", "put", file, home: home) == Outcome(output: "Created c\n"))
            #expect(await Self.run("collections", "put", file, home: home) == Outcome(output: "Replaced c\n"))
            #expect(await Self.run("collections", "list", home: home) == Outcome(output: "c\n"))
            #expect(await Self.run("collections", "get", "c", home: home).output.hasPrefix(#"{"type":"Collection""#))
            #expect(await Self.run("collections", "delete", "c", home: home) == Outcome(output: "Deleted c\n"))
            #expect(
                await Self.run("collections", "get", "c", home: home)
                    == Outcome(errors: "There is no Collection \"c\".", code: 1))
        }
    }

    @Test("show the configuration, with the origin of each value and without secrets")
    func configuration() async throws {
        try await withTemporaryDirectory { directory in
            let file = try directory.write(
                #"{"operatorToken": "hidden", "server": {"port": 81, "threadCount": 3}}"#, to: "terrabyte.json")
            let outcome = await CommandEnvironment.$modules.withValue(TerrabyteServices.modules) {
                await CommandEnvironment.$variables.withValue(["TERRABYTE_SERVER_PORT": "82"]) {
                    await Self.run("config", "--changed", home: directory.path)
                }
            }
            let expected = """
                operatorToken       (secret)  \(file)
                server.port         82        TERRABYTE_SERVER_PORT
                server.threadCount  3         \(file)

                """
            #expect(outcome == Outcome(output: expected, errors: "home: \(directory.path)\n"))
        }
    }

    @Test("say in a sentence what is wrong with a file or an address")
    func sentences() async throws {
        try await withTemporaryDirectory { directory in
            let home = directory.path
            let broken = try directory.write("{", to: "broken.json")
            let list = try directory.write("[]", to: "list.json")
            let none = directory.path + "/none.json"
            let collection = try directory.write(
                JSONValue(parsing: LoadItems.plainCollection("c")).jsonText, to: "c.json")
            for (arguments, message) in [
                (["serve", "--config", home], "The configuration file \(home) cannot be read: Is a directory."),
                (["serve", "--config", none], "\(none): there is no such configuration file"),
                (["serve", "--config", list], "\(list): a configuration file has a JSON object"),
                (["serve", "--config", broken], "\(broken): invalid JSON at byte 1: the text ends inside a value"),
                (["collections", "put", broken], "\(broken): invalid JSON at byte 1: the text ends inside a value"),
                (
                    ["serve", "--host", "host.invalid"],
                    "Cannot listen on host.invalid, port 8080: there is no such host."
                ),
                (
                    ["serve", "--host", "192.0.2.1", "--port", "0"],
                    "Cannot listen on 192.0.2.1, port 0: the address is none of this machine."
                ),
            ] {
                // A server that has failed may keep the lock of its catalogue for a moment.
                let home = "\(directory.path)/\(arguments.joined().filter(\.isLetter))"
                let made = await Self.run("collections", "put", collection, home: home)
                #expect(made.code == 0)
                let outcome = await Self.run(arguments, home: home)
                #expect(outcome.code == 1, "\(arguments)")
                // Those of a server that has begun to log are in its log.
                #expect(outcome.errors.split(separator: "\n").last?.contains(message) == true, "\(outcome.errors)")
            }
        }
    }

    @Test("load Items, and report those that are left out")
    func load() async throws {
        try await withTemporaryDirectory { directory in
            let home = directory.path
            let file = try directory.write(
                [Self.item("a"), Self.item("b", datetime: "now"), Self.item("c"), "{"].joined(separator: "\n"),
                to: "items.ndjson")
            let missing = await Self.run("items", "load", "--collection", "c", file, home: home)
            #expect(missing.code == 1)
            let first = await Self.run("items", "load", "--create-collection", "--collection", "c", file, home: home)
            #expect(first.code == 2)
            #expect(first.output.hasPrefix("4 Items read in "))
            #expect(first.output.hasSuffix(": 2 created, 0 replaced, 0 unchanged, 0 skipped, 2 rejected\n"))
            #expect(first.errors.contains("rejected: \(file):2: properties.datetime: "))
            #expect(first.errors.contains("rejected: \(file):4: "))
            let second = await Self.run("items", "load", "--collection", "c", file, home: home)
            #expect(second.output.hasSuffix(": 0 created, 0 replaced, 2 unchanged, 0 skipped, 2 rejected\n"))

            let got = await Self.run("items", "get", "--collection", "c", "a", "c", home: home)
            #expect(got.output.split(separator: "\n").count == 2)
            #expect(await Self.run("items", "delete", "--collection", "c", "a", home: home).output == "Deleted a\n")
            #expect(await Self.run("items", "get", "--collection", "c", "a", home: home).code == 1)

            let status = await Self.run("status", home: home)
            #expect(status.output.hasSuffix("Index      up to date\nItems\n  1  c\n"))
            #expect(await Self.run("verify", home: home) == Outcome(output: "No fault found\n"))
            #expect(await Self.run("reindex", home: home).code == 0)
            #expect(await Self.run("backup", home + "/copy", home: home).code == 1)
            try await withTemporaryDirectory { copies in
                let copy = copies.path("copy")
                #expect(await Self.run("backup", copy, home: home).code == 0)
                #expect(await Self.run("collections", "list", home: copy).output == "c\n")
                #expect(await Self.run("restore", copy, home: home).code == 1)
                #expect(await Self.run("restore", copy, home: copies.path("new")).code == 0)
                #expect(await Self.run("collections", "list", home: copies.path("new")).output == "c\n")
            }
        }
    }

    @Test("reject wrong arguments with code 64")
    func arguments() async {
        #expect(await Self.run("items", "load", home: "/nowhere").code == 64)
        #expect(await Self.run("serve", "--port", "70000", home: "/nowhere").code == 64)
        #expect(await Self.run("nothing", home: "/nowhere").code == 64)
    }

    @Test("show numbers for people")
    func numbers() {
        #expect([0, 999, 1_000, 1_234_567].map(ConsoleFormat.grouped) == ["0", "999", "1,000", "1,234,567"])
        #expect([0.2, 59, 61, 3_723].map(ConsoleFormat.clock) == ["0:01", "0:59", "1:01", "1:02:03"])
        #expect(
            [0, 999, 1_500, 123_456_789, 2_000_000_000].map(ConsoleFormat.byteSize) == [
                "0 B", "999 B", "1.5 kB", "123 MB", "2.0 GB",
            ])
        let status = CatalogueStatus(
            collections: [.init(id: "a", itemCount: 12), .init(id: "b", itemCount: 1_234)], lastSequence: 9,
            indexedSequence: 7, byteCount: 1_500)
        #expect(
            StatusCommand.text(status, place: "/data") == """
                Catalogue  /data
                Size       1.5 kB
                Sequence   9
                Index      2 changes behind
                Items
                     12  a
                  1,234  b
                """)
    }

    @Test("show the nodes on a catalogue, and which of them searches in the index here")
    func nodes() {
        func node(
            _ name: String, _ services: [String], applied: Int64, lag: Duration, isReady: Bool = true,
            silence: Duration
        ) -> NodeState {
            NodeState(
                id: name, name: name, home: "\(name):/srv", services: services, version: "0.1.0",
                appliedSequence: applied, lag: lag, isReady: isReady, silence: silence)
        }
        let status = CatalogueStatus(
            collections: [], lastSequence: 5_000, indexedSequence: 5_000, byteCount: 1_500)
        let nodes = [
            node("a:8080", ["catalogue", "stac"], applied: 5_000, lag: .milliseconds(104), silence: .seconds(1)),
            node(
                "node-b", ["catalogue"], applied: 3_766, lag: .seconds(62), isReady: false, silence: .milliseconds(500)
            ),
            node("c:80", ["catalogue", "stac"], applied: 4_999, lag: .zero, silence: .seconds(600)),
        ]
        func text(home: String) -> String { StatusCommand.text(status, nodes, home: home, place: "/data") }
        #expect(
            text(home: "a:8080:/srv") == """
                Catalogue  /data
                Size       1.5 kB
                Sequence   5000
                Index      up to date
                Node       a:8080
                No Collections
                Nodes
                  a:8080  ready          0 changes behind  lag 0.1 s  seen 1.0 s ago  catalogue, stac
                  node-b  not ready  1,234 changes behind  lag 1:02   seen 0.5 s ago  catalogue
                  c:80    silent          1 change behind  lag 0.0 s  seen 10:00 ago  catalogue, stac
                """)
        for home in ["", "c:80:/srv"] { #expect(!text(home: home).contains("\nNode ")) }
    }
}

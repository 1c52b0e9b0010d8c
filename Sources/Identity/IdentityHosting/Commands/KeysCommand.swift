import ArgumentParser
import Identity
import JOSE
import JSON
import ServiceModule
import Temporal

/// Manages the keys with which tokens are signed.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List and replace the keys that sign tokens.",
        subcommands: [List.self, Rotate.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List keys, the newest first.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print a JSON array.") var json = false

        func run() async throws {
            try await common.withIdentity { store in
                let keys = try await store.signingKeys()
                if json {
                    let values = keys.map { key -> JSONValue in
                        [
                            "id": .string(key.id), "algorithm": .string(key.algorithm.rawValue),
                            "created": .string("\(key.creation)"), "signsFrom": .string("\(key.signingStart)"),
                        ]
                    }
                    return Console.print(JSONValue.array(values).jsonText)
                }
                Console.print(rows: keys.map { [$0.id, $0.algorithm.rawValue, "signs from \($0.signingStart)"] })
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make new keys, which sign after 10 minutes.",
            discussion: """
                Keys are replaced by themselves after 90 days. Those before are published until the last of their tokens has
                ended.
                """)

        @OptionGroup var common: CommonOptions
        @Flag(
            help:
                "Delete the keys before at once, with which all access tokens end, and refresh tokens that are not rotated."
        )
        var compromised = false

        func run() async throws {
            try await common.withIdentity(creates: true) {
                try await $0.rotateSigningKeys(isCompromise: compromised, by: .operator)
            }
            Console.print(compromised ? "New keys sign now, and no others count" : "New keys sign in 10 minutes")
        }
    }
}

import Access
import ArgumentParser
import Identity
import JSON
import ServiceModule

/// Manages API tokens, with which programs act for accounts.
struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Make, list and revoke the API tokens of accounts.",
        subcommands: [Make.self, List.self, Revoke.self])

    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token. It is printed once, and only its hash is stored.",
            discussion: """
                What a token may do is bounded by its scopes, and by what its account may do: collections:read, \
                collections:write, catalogue:write for curators, administration for administrators.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: ArgumentHelp("For people.", valueName: "text")) var label = ""
        @Option(help: ArgumentHelp("What it may do; may be repeated (default: collections:read).", valueName: "scope"))
        var scope: [String] = []
        @Option(help: ArgumentHelp("From when on it is not accepted (UTC; default: never).", valueName: "date"))
        var end: EndDate?
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            let scopes = Set(scope.isEmpty ? [.readCollections] : scope.map { Scope($0) })
            for scope in scopes where !Scope.resources.contains(scope) {
                let known = Scope.resources.map(\.rawValue).sorted().joined(separator: ", ")
                throw CommandError("There is no scope '\(scope)'; there are \(known).")
            }
            try await common.withIdentity { store in
                Console.print(
                    try await store.makeToken(
                        for: name, label: label, scopes: scopes, end: end?.time, by: .operator))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens of an account, the newest first.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print a JSON array.") var json = false
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { store in
                guard try await store.account(name) != nil else { throw IdentityError.noSuchAccount(name) }
                let tokens = try await store.tokens(of: name)
                if json { return Console.print(JSONValue.array(tokens.map(\.json)).jsonText) }
                Console.print(
                    rows: tokens.map { token in
                        [
                            String(token.id), token.label, token.scopes.map(\.rawValue).sorted().joined(separator: ","),
                            token.revocation.map { "revoked \($0)" } ?? token.end.map { "until \($0)" } ?? "-",
                        ]
                    })
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a token.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the account.") var name: String
        @Argument(help: "Number of the token, as list shows it.") var id: Int

        func run() async throws {
            try await common.withIdentity { try await $0.revokeToken(Int64(id), of: name, by: .operator) }
            Console.print("Revoked \(id)")
        }
    }
}

extension APIToken {
    fileprivate var json: JSONValue {
        [
            "id": JSONValue(Int(id)), "label": .string(label),
            "scopes": .array(scopes.map(\.rawValue).sorted().map { .string($0) }), "created": .string("\(creation)"),
            "end": end.map { .string("\($0)") } ?? .null, "revoked": revocation.map { .string("\($0)") } ?? .null,
            "lastUsed": lastUse.map { .string("\($0)") } ?? .null,
        ]
    }
}

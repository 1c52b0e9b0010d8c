import Access
import ArgumentParser
import Identity
import JSON
import ServiceModule

/// Manages the programs to which accounts give tokens.
struct ClientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients", abstract: "Register, list, show and delete programs that sign in.",
        subcommands: [Add.self, List.self, Show.self, ResetSecret.self, Delete.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register a client of OpenID Connect.",
            discussion: """
                A client with a secret gets it printed, once. With --service-account, it gets tokens with the secret alone, for \
                that account.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: ArgumentHelp("For people.", valueName: "text")) var title: String?
        @Flag(help: "It runs where users could read a secret, and has none.") var `public` = false
        @Option(
            help: ArgumentHelp("Where browsers are sent with a code; may be repeated.", valueName: "url"))
        var redirectUri: [String] = []
        @Flag(help: "It may sign in devices without a browser.") var device = false
        @Option(help: ArgumentHelp("What its tokens may do; may be repeated.", valueName: "scope"))
        var scope: [String] = []
        @Option(help: ArgumentHelp("Service account for which it gets tokens with its secret.", valueName: "name"))
        var serviceAccount: String?
        @Argument(help: "Id of the client.") var id: String

        func run() async throws {
            var grantTypes: Set<OAuthClient.GrantType> = []
            if !redirectUri.isEmpty { grantTypes.formUnion([.authorizationCode, .refreshToken]) }
            if device { grantTypes.formUnion([.deviceCode, .refreshToken]) }
            if serviceAccount != nil { grantTypes.insert(.clientCredentials) }
            guard !grantTypes.isEmpty else {
                throw ValidationError("A client needs --redirect-uri, --device or --service-account.")
            }
            let client: OAuthClient
            do {
                client = OAuthClient(
                    id, title: title ?? id, `public` ? .public : .confidential,
                    redirectURIs: try redirectUri.map { try RedirectURI($0) }, grantTypes: grantTypes,
                    scopes: Set(scope.map { Scope($0) }), serviceAccount: serviceAccount)
            } catch let error as IdentityError {
                throw CommandError("\(error)")
            }
            try await common.withIdentity(creates: true) { store in
                let secret = try await store.addClient(client, by: .operator)
                Console.status("Added \(id)")
                if let secret { Console.print(secret) }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List clients: those that every platform has, then those that were registered.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print a JSON array.") var json = false

        func run() async throws {
            try await common.withIdentity { store in
                let clients = try await store.clients()
                if json { return Console.print(JSONValue.array(clients.map(\.json)).jsonText) }
                Console.print(rows: clients.map { [$0.id, $0.kind.rawValue, $0.title] })
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a client.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print a JSON object.") var json = false
        @Argument(help: "Id of the client.") var id: String

        func run() async throws {
            try await common.withIdentity { store in
                guard let client = try await store.client(id) else { throw IdentityError.noSuchClient(id) }
                if json { return Console.print(client.json.jsonText) }
                Console.print(rows: (client.json.object ?? [:]).map { [$0.name, $0.value.plainText] })
            }
        }
    }

    struct ResetSecret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a new secret of a client, instead of the one before.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Id of the client.") var id: String

        func run() async throws {
            try await common.withIdentity {
                Console.print(try await $0.resetClientSecret(of: id, by: .operator))
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a client, and end all that it has signed in.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Id of the client.") var id: String

        func run() async throws {
            try await common.withIdentity { try await $0.deleteClient(id, by: .operator) }
            Console.print("Deleted \(id)")
        }
    }
}

extension OAuthClient {
    var json: JSONValue {
        [
            "id": .string(id), "title": .string(title), "kind": .string(kind.rawValue),
            "redirectURIs": .array(redirectURIs.map { .string("\($0)") }),
            "grantTypes": .array(grantTypes.map(\.rawValue).sorted().map { .string($0) }),
            "scopes": .array(scopes.map(\.rawValue).sorted().map { .string($0) }),
            "refreshTokens": .string(refreshPolicy.rawValue), "isFirstParty": .bool(isFirstParty),
            "serviceAccount": serviceAccount.map { .string($0) } ?? .null,
        ]
    }
}

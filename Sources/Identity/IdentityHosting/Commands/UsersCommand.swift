import ArgumentParser
import Identity
import JSON
import ServiceModule
import Temporal

/// Manages accounts. Whoever may run it where the database is, is the operator in the audit log.
struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "Add, invite, show, change and delete accounts.",
        subcommands: [
            Add.self, List.self, Show.self, Disable.self, Enable.self, SetRole.self, SetEnd.self, SetQuota.self,
            ResetPassword.self,
            ResetFactor.self, Delete.self, Invite.self,
        ])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an account.",
            discussion: """
                The password is read from the terminal, or from the first line of standard input; services have none.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: ArgumentHelp("internal, partner or service.", valueName: "kind"))
        var kind: Account.Kind = .internal
        @Option(help: ArgumentHelp("The person's name.", valueName: "text")) var fullName = ""
        @Option(help: ArgumentHelp("E-mail address.", valueName: "address")) var email: String?
        @Option(help: ArgumentHelp("administrator or curator; may be repeated.", valueName: "role"))
        var role: [Account.Role] = []
        @Option(help: ArgumentHelp("Of a partner: the account that answers for them.", valueName: "name"))
        var sponsor: String?
        @Option(help: ArgumentHelp("Of a partner: what they work on.", valueName: "text")) var project: String?
        @Option(help: ArgumentHelp("First day on which the account may do nothing (UTC).", valueName: "date"))
        var end: EndDate?
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            var draft = AccountDraft(name, kind, fullName: fullName, email: email)
            (draft.roles, draft.sponsor, draft.project, draft.end) = (Set(role), sponsor, project, end?.time)
            let password = kind == .service ? nil : try PasswordInput.read()
            try await common.withIdentity(creates: true) { [draft] store in
                try await store.addAccount(draft, password: password, by: .operator)
            }
            Console.print("Added \(name)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List accounts.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print a JSON array.") var json = false

        func run() async throws {
            try await common.withIdentity { store in
                let (accounts, now) = (try await store.accounts(), try await store.now())
                if json { return Console.print(JSONValue.array(accounts.map { $0.json(at: now) }).jsonText) }
                Console.print(
                    rows: accounts.map { account in
                        [
                            account.name, account.kind.rawValue, account.state(at: now).rawValue,
                            account.roles.map(\.rawValue).sorted().joined(separator: ","),
                        ]
                    })
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an account and its rights.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print a JSON object.") var json = false
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { store in
                guard let account = try await store.account(name) else { throw IdentityError.noSuchAccount(name) }
                let rights = try await store.rights(of: name)
                var object = account.json(at: try await store.now()).object ?? [:]
                object["secondFactor"] = .bool(try await store.hasSecondFactor(name))
                object["reads"] = .array(rights.readable.sorted().map { .string($0) })
                object["writes"] = .array(rights.writable.sorted().map { .string($0) })
                if json { return Console.print(JSONValue.object(object).jsonText) }
                Console.print(rows: object.members.map { [$0.name, $0.value.plainText] })
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take all rights from an account, until it is enabled.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { try await $0.setDisabled(true, name, by: .operator) }
            Console.print("Disabled \(name)")
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give an account its rights back.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { try await $0.setDisabled(false, name, by: .operator) }
            Console.print("Enabled \(name)")
        }
    }

    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set all roles of an account.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the account.") var name: String
        @Argument(help: "administrator, curator; none: take all roles away.") var roles: [Account.Role] = []

        func run() async throws {
            try await common.withIdentity { try await $0.setRoles(Set(roles), of: name, by: .operator) }
            let texts = Set(roles).map(\.rawValue).sorted()
            Console.print("\(name): \(texts.isEmpty ? "no roles" : texts.joined(separator: ", "))")
        }
    }

    struct SetEnd: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set when an account ends.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the account.") var name: String
        @Argument(help: "First day on which it may do nothing (UTC); without one, it has no end.") var date: EndDate?

        func run() async throws {
            try await common.withIdentity { try await $0.setEnd(date?.time, of: name, by: .operator) }
            Console.print("\(name): \(date.map { "ends \($0.time)" } ?? "has no end")")
        }
    }

    struct SetQuota: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set how much an account's own Collections may hold.",
            discussion: "What is not given is the server's; without any option, all of it is.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var quota: QuotaOptions
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { store in
                guard try await store.account(name) != nil else { throw IdentityError.noSuchAccount(name) }
                try await store.setQuota(quota.quota, of: name, by: .operator)
            }
            Console.print(quota.line(of: name))
        }
    }

    struct ResetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a new password, and end a lock-out.",
            discussion: "It is read from the terminal, or from the first line of standard input.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            let password = try PasswordInput.read()
            try await common.withIdentity { try await $0.setPassword(password, of: name, by: .operator) }
            Console.print("\(name) has a new password")
        }
    }

    struct ResetFactor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the second factor and the recovery codes, so that new ones are enrolled.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { try await $0.resetSecondFactor(of: name, by: .operator) }
            Console.print("\(name) has no second factor now")
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an account. Nobody else can have its name.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { try await $0.deleteAccount(name, by: .operator) }
            Console.print("Deleted \(name)")
        }
    }

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Invite a partner, and print the secret with which they accept within 7 days.")

        @OptionGroup var common: CommonOptions
        @Option(help: ArgumentHelp("The account that answers for them.", valueName: "name")) var sponsor: String
        @Option(help: ArgumentHelp("What they work on.", valueName: "text")) var project: String
        @Option(help: ArgumentHelp("First day on which the account may do nothing (UTC).", valueName: "date"))
        var end: EndDate
        @Option(
            help: ArgumentHelp(
                "Container that they may use: id:ro, id:rw or id:manager; may be repeated.", valueName: "member"))
        var member: [Membership] = []
        @Argument(help: "E-mail address.") var email: String

        func run() async throws {
            var draft = InvitationDraft(email, sponsor: sponsor, project: project, end: end.time)
            draft.members = Dictionary(member.map { ($0.container, $0.level) }) { $1 }
            try await common.withIdentity { [draft] store in
                Console.print(try await store.invite(draft, by: .operator))
            }
        }
    }
}

/// Such as `pn56su-dss-0001:rw`.
struct Membership: ExpressibleByArgument {
    let container: String
    let level: Container.Level

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let level = Container.Level(rawValue: String(parts[1])) else { return nil }
        (container, self.level) = (String(parts[0]), level)
    }
}

import ArgumentParser
import Identity
import JSON
import ServiceModule

/// Manages containers and their members.
struct ContainersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "containers", abstract: "Add, list and delete containers, and change their members.",
        subcommands: [Add.self, List.self, AddMember.self, RemoveMember.self, SetQuota.self, Delete.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a container.")

        @OptionGroup var common: CommonOptions
        @Option(help: ArgumentHelp("For people.", valueName: "text")) var title = ""
        @Option(help: ArgumentHelp("Its directory in the storage.", valueName: "dir")) var path: String?
        @Argument(help: "Id, such as pn56su-dss-0001.") var id: String

        func run() async throws {
            try await common.withIdentity(creates: true) {
                try await $0.addContainer(id, title: title, path: path, by: .operator)
            }
            Console.print("Added \(id)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List containers with their members.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print a JSON array.") var json = false

        func run() async throws {
            try await common.withIdentity { store in
                let containers = try await store.containers()
                if json { return Console.print(JSONValue.array(containers.map(\.json)).jsonText) }
                Console.print(
                    rows: containers.map { container in
                        let members = container.members.sorted { $0.key < $1.key }.map {
                            "\($0.key):\($0.value.rawValue)"
                        }
                        return [container.id, container.title, members.joined(separator: ",")]
                    })
            }
        }
    }

    struct AddMember: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a member, or change the level of one.")

        @OptionGroup var common: CommonOptions
        @Option(help: ArgumentHelp("ro, rw or manager.", valueName: "level")) var level: Container.Level = .ro
        @Argument(help: "Id of the container.") var id: String
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { try await $0.setMember(name, of: id, level, by: .operator) }
            Console.print("\(id): \(name) is \(level.rawValue)")
        }
    }

    struct RemoveMember: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a member.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Id of the container.") var id: String
        @Argument(help: "Name of the account.") var name: String

        func run() async throws {
            try await common.withIdentity { try await $0.removeMember(name, of: id, by: .operator) }
            Console.print("\(id): \(name) is no member now")
        }
    }

    struct SetQuota: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set how much a container's Collections may hold.",
            discussion: "What is not given is the server's; without any option, all of it is.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var quota: QuotaOptions
        @Argument(help: "Id of the container.") var id: String

        func run() async throws {
            try await common.withIdentity { store in
                guard try await store.container(id) != nil else { throw IdentityError.noSuchContainer(id) }
                try await store.setQuota(quota.quota, of: id, by: .operator)
            }
            Console.print(quota.line(of: id))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a container, not its directory. Nothing else can have its id.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Id of the container.") var id: String

        func run() async throws {
            try await common.withIdentity { try await $0.deleteContainer(id, by: .operator) }
            Console.print("Deleted \(id)")
        }
    }
}

import ArgumentParser
import Catalogue
import ServiceModule

struct ItemsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "items", abstract: "Load, show and delete Items.",
        subcommands: [LoadItems.self, Get.self, Delete.self])

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print Items as JSON, one on each line.")

        @OptionGroup var common: CommonOptions
        @Option(help: ArgumentHelp("Id of the Collection.", valueName: "id")) var collection: String
        @Argument(help: ArgumentHelp("Ids of Items.", valueName: "id")) var ids: [String]

        func run() async throws {
            let catalogue = try await common.catalogue(index: .none)
            for id in ids {
                Console.print(String(decoding: try catalogue.item(id: id, in: collection).json, as: UTF8.self))
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete Items.")

        @OptionGroup var common: CommonOptions
        @Option(help: ArgumentHelp("Id of the Collection.", valueName: "id")) var collection: String
        @Argument(help: ArgumentHelp("Ids of Items.", valueName: "id")) var ids: [String]

        func run() async throws {
            let catalogue = try await common.catalogue(index: .none)
            for id in ids {
                try catalogue.deleteItem(id: id, in: collection, ifMatch: nil)
                Console.print("Deleted \(id)")
            }
        }
    }
}

import ArgumentParser
import Catalogue
import JSON
import STAC
import ServiceModule

struct CollectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collections", abstract: "Create, show and delete Collections.",
        subcommands: [Put.self, List.self, Get.self, Delete.self])

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create Collections, or replace them.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Migrate Collections of STAC 0.8 to 1.0.0-rc to 1.1.0, as pystac does.") var migrate = false
        @Argument(help: ArgumentHelp("Files with one Collection each; -: standard input.", valueName: "file"))
        var files: [String]

        func run() async throws {
            let documents = try files.map(readFile)
            let catalogue = try await common.catalogue(index: .none, creating: true)
            for (file, document) in zip(files, documents) {
                var json = document
                if migrate, let given = try? JSONValue(parsing: json).object,
                    let migrated = STACMigration.migrated(collection: given)
                {
                    json = JSONValue.object(migrated).serialized()
                }
                do {
                    let (collection, isNew) = try catalogue.putCollection(json, id: nil, .upsert, ifMatch: nil)
                    Console.print("\(isNew ? "Created" : "Replaced") \(collection.id)")
                } catch {
                    throw CommandError("\(file): \(line(for: error))")
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the ids and titles of Collections.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            var damaged: [String] = []
            for collection in try await common.catalogue(index: .none).collections() {
                guard !collection.isDamaged else {
                    damaged.append(collection.id)
                    continue
                }
                let title = try JSONReader(.rfc8259).read(collection.body) { $0.member("title")?.string }
                Console.print(title.map { "\(collection.id)\t\($0)" } ?? collection.id)
            }
            guard damaged.isEmpty else {
                throw CommandError("Damaged Collections: \(damaged.joined(separator: ", ")). \(damageAdvice)")
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a Collection as JSON.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Id of the Collection.") var id: String

        func run() async throws {
            guard let collection = try await common.catalogue(index: .none).collection(id: id) else {
                throw CommandError("There is no Collection \"\(id)\".")
            }
            guard !collection.isDamaged else {
                throw CommandError("The Collection \"\(id)\" is damaged. \(damageAdvice)")
            }
            Console.print(String(decoding: collection.body, as: UTF8.self))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete Collections with all their Items.")

        @OptionGroup var common: CommonOptions
        @Argument(help: ArgumentHelp("Ids of Collections.", valueName: "id")) var ids: [String]

        func run() async throws {
            let catalogue = try await common.catalogue(index: .none)
            for id in ids {
                try catalogue.deleteCollection(id: id, ifMatch: nil)
                Console.print("Deleted \(id)")
            }
        }
    }
}

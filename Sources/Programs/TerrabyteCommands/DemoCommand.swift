import ArgumentParser
import Catalogue
import CatalogueHosting
import DemoCatalogue
import JSON
import ServiceModule

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill the catalogue with some 20,000 synthetic Items, always the same.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let catalogue = try await common.catalogue(index: .ifFree, creating: true)
        let demo = DemoCatalogue()
        for (id, document) in demo.collections {
            _ = try catalogue.putCollection(document.serialized(), id: id, .upsert, ifMatch: nil)
            let report = try await catalogue.load(demo.items(of: id), named: id, into: id)
            Console.print("\(id): \(ConsoleFormat.count(report.read, "Item"))")
        }
    }
}

import ArgumentParser
import Catalogue
import ServiceModule

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the content and the state of the catalogue.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let place = try await common.cataloguePlace()
        let catalogue = try place.open(index: .reading, creating: false)
        Console.print(Self.text(try catalogue.status(), place: "\(place)"))
    }

    static func text(_ status: CatalogueStatus, place: String) -> String {
        let counts = status.collections.map { ConsoleFormat.grouped($0.itemCount) }
        let width = counts.map(\.count).max() ?? 0
        var lines = [
            "Catalogue  \(place)", "Size       \(ConsoleFormat.byteSize(status.byteCount))",
            "Sequence   \(status.lastSequence)",
        ]
        if status.indexedSequence == 0, status.lastSequence > 0 {
            lines.append("Index      not written yet")
        } else if status.indexedSequence == status.lastSequence {
            lines.append("Index      up to date")
        } else {
            lines.append("Index      \(status.lastSequence - status.indexedSequence) changes behind")
        }
        lines.append(status.collections.isEmpty ? "No Collections" : "Items")
        for (collection, count) in zip(status.collections, counts) {
            lines.append("  " + String(repeating: " ", count: width - count.count) + count + "  " + collection.id)
        }
        return lines.joined(separator: "\n")
    }
}

import ArgumentParser
import Catalogue
import ServiceModule

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the content and the state of the catalogue.",
        discussion: "Of a catalogue in PostgreSQL, also the servers that use it, on all machines.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let place = try await common.cataloguePlace()
        let catalogue = try place.open(index: .reading, creating: false)
        let home = catalogue.home(on: HostName.current)
        Console.print(Self.text(try catalogue.status(), try nodes(of: catalogue), home: home, place: "\(place)"))
    }

    private func nodes(of catalogue: CatalogueEngine) throws -> [NodeState] {
        do {
            return try catalogue.store.nodes()
        } catch let error as CatalogueError where error.code == .notWritable {
            // Who may read Items need not be allowed to see them.
            return []
        }
    }

    /// - Parameter home: The directory of the index, as nodes name theirs.
    static func text(
        _ status: CatalogueStatus, _ nodes: [NodeState] = [], home: String = "", place: String
    ) -> String {
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
        // The one that searches in this index.
        if let node = nodes.first(where: { $0.home == home && !$0.isSilent }) {
            lines.append("Node       \(node.name)")
        }
        lines.append(status.collections.isEmpty ? "No Collections" : "Items")
        for (collection, count) in zip(status.collections, counts) {
            lines.append("  " + String(repeating: " ", count: width - count.count) + count + "  " + collection.id)
        }
        if !nodes.isEmpty { lines += ["Nodes"] + table(of: nodes, lastSequence: status.lastSequence) }
        return lines.joined(separator: "\n")
    }

    private static func table(of nodes: [NodeState], lastSequence: SequenceNumber) -> [String] {
        let rows = nodes.map { node in
            [
                node.name, node.isSilent ? "silent" : node.isReady ? "ready" : "not ready",
                ConsoleFormat.count(max(0, Int(lastSequence - node.appliedSequence)), "change") + " behind",
                "lag " + ConsoleFormat.duration(node.lag), "seen " + ConsoleFormat.duration(node.silence) + " ago",
                node.services.joined(separator: ", "),
            ]
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                // Numbers stand below each other.
                return column == 2 ? space + row[column] : row[column] + space
            }
            return "  " + cells.dropLast().joined(separator: "  ") + "  " + row[row.count - 1]
        }
    }
}

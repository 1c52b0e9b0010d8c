import Catalogue
import CatalogueSQLite
import Foundation
import ItemGenerator
import ItemInput
import JSON

/// `catalogue-benchmarks`: loads generated Items into a catalogue, or opens one, and times the server's operations on
/// it.
@main
struct CatalogueBenchmarks {
    private static let usage = """
        usage: catalogue-benchmarks [--count N] [--home DIR] [--runs R] [--texts T] [--collections C]

          --count N   generate N Items and time loading them into DIR (default 20000 without --home)
          --home DIR  the catalogue's directory; preserved. Default: a temporary one
          --runs R    runs of each query (default 50)
          --texts T   time nothing but free-text search in T Items with texts of their own
          --collections C  time nothing but searches among C Collections

        """

    static func main() async throws {
        var count: Int?
        var home: String?
        var runs = 50
        var texts, collections: Int?
        var arguments = Array(CommandLine.arguments.dropFirst())
        while !arguments.isEmpty {
            let name = arguments.removeFirst()
            guard let value = arguments.first else { fail(usage) }
            arguments.removeFirst()
            switch name {
            case "--count": count = Int(value)
            case "--home": home = value
            case "--runs": runs = Int(value) ?? runs
            case "--texts": texts = Int(value)
            case "--collections": collections = Int(value)
            default: fail(usage)
            }
        }
        let temporary = NSTemporaryDirectory() + "catalogue-benchmarks-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)

        print("| operation | median | 95th percentile | |")
        print("|---|---|---|---|")
        if let texts {
            try FreeTextBenchmarks(count: texts, runs: runs, directory: temporary + "/texts").run()
            return
        }
        if let collections {
            let engine = try CatalogueEngine(home: temporary + "/home")
            try CollectionBenchmarks(engine, count: collections, runs: runs).run()
            return
        }
        let sample = try items(count: 1_000)
        try PartBenchmarks(sample, runs: runs).run()

        let clock = ContinuousClock()
        let opening = clock.now
        let engine = try CatalogueEngine(home: home ?? temporary + "/home")
        print("| open the catalogue | \(Measurement.text(clock.now - opening)) | | |")
        if let count = count ?? (home == nil ? 20_000 : nil) { try await load(count, into: engine, temporary) }
        try CatalogueQueries(engine, runs: runs).run()
        try AggregationBenchmarks(engine, runs: runs).run()
        try FileBenchmarks(engine, runs: runs, directory: temporary + "/files").run()
    }

    private static func load(_ count: Int, into engine: CatalogueEngine, _ temporary: String) async throws {
        let path = temporary + "/items.ndjson"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try ItemStream(.init(count: count)).write { chunk in file.write(Data(chunk)) }
        try file.close()
        _ = try engine.putCollection(Sentinel2Collection.document.serialized(), id: nil, .upsert, ifMatch: nil)
        let clock = ContinuousClock()
        for what in ["load", "load the same again"] {
            let start = clock.now
            let report = try await engine.load(ItemInput(paths: [path]), into: CatalogueQueries.collection)
            let elapsed = clock.now - start
            let rate = Int(Double(report.read) / (elapsed / .seconds(1)))
            print(
                "| \(what) | \(Measurement.text(elapsed)) | | \(rate) Items/s; \(report.created) new, "
                    + "\(report.unchanged) unchanged |")
        }
    }

    private static func items(count: Int) throws -> [[UInt8]] {
        var items: [[UInt8]] = []
        try ItemStream(.init(count: count)).write { chunk in
            for line in chunk.split(separator: UInt8(ascii: "\n")) { items.append(Array(line)) }
        }
        return items
    }

    static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data(message.utf8))
        exit(1)
    }
}

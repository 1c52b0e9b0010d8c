import Catalogue
import CatalogueSQLite
import ItemInput

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Loads files into a collection, one after the other and again, until it is killed. Says on standard output what has
/// been acknowledged: `FILE COUNT`, one line each: the file's first Items that were read and are on disk.
///
/// Usage: `LoadCrashChild HOME COLLECTION FILE…`
@main
struct LoadCrashChild {
    static func main() async throws {
        try await EndlessLoad(home: CommandLine.arguments[1], collection: CommandLine.arguments[2])
            .run(CommandLine.arguments[3...])
    }
}

private struct EndlessLoad {
    let home: String
    let collection: String

    func run(_ files: ArraySlice<String>) async throws {
        let catalogue = try CatalogueEngine(home: home)
        while true {
            for file in files {
                let input = try ItemInput(paths: [file])
                _ = try await catalogue.load(input, into: collection, onProgress: { report(file, $0.read) })
            }
        }
    }

    private func report(_ file: String, _ count: Int) {
        _ = "\(file) \(count)\n".withCString { write(STDOUT_FILENO, $0, strlen($0)) }
    }
}

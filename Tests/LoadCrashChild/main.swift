import Catalogue
import ItemInput

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// Loads files into a collection, one after the other and again, until it is killed. Says on standard output what has
// been acknowledged: `FILE COUNT`, one line each: the file's first Items that were read and are on disk.
//
// Usage: LoadCrashChild HOME COLLECTION FILE…

let catalogue = try CatalogueEngine(home: CommandLine.arguments[1])
while true {
    for file in CommandLine.arguments[3...] {
        _ = try await catalogue.load(
            ItemInput(paths: [file]), into: CommandLine.arguments[2],
            onProgress: { report in
                _ = "\(file) \(report.read)\n".withCString { write(STDOUT_FILENO, $0, strlen($0)) }
            })
    }
}

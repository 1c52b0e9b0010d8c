import ArgumentParser
import Catalogue
import ItemInput
import JSON
import ServiceModule

struct LoadItems: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load Items from files into a Collection.",
        discussion: """
            Reads NDJSON, FeatureCollections, arrays and single Items, plain or compressed with gzip or zstd, GeoParquet, \
            folders of such files, and - for standard input. Invalid Items are skipped and reported one by one on \
            standard error, with file, line or row, path and reason; the exit code is then 2. A server on the same \
            catalogue may run meanwhile.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Id of the Collection.", valueName: "id")) var collection: String
    @Flag(help: "Create the Collection, with only its id, when it does not exist.") var createCollection = false
    @Option(help: ArgumentHelp("How to treat an Item whose id exists.", valueName: "policy"))
    var onConflict = ConflictPolicy.replace
    @Argument(help: ArgumentHelp("Files and folders; -: standard input.", valueName: "file")) var files: [String]

    func run() async throws {
        let input = try ItemInput(paths: files)
        let catalogue = try await common.catalogue(index: .ifFree)
        if try createCollection && catalogue.collection(id: collection) == nil {
            _ = try catalogue.putCollection(Self.plainCollection(collection), id: collection, .create, ifMatch: nil)
        }
        let display = LoadDisplay()
        let report = try await catalogue.load(
            input, into: collection, onConflict: onConflict, onReject: { display.show($0) },
            onProgress: { display.show($0) })
        display.finish(report)
        if report.rejected > 0 { throw ExitCode(2) }
    }

    /// A valid Collection that promises nothing.
    static func plainCollection(_ id: String) -> [UInt8] {
        let collection: JSONValue = [
            "type": "Collection", "stac_version": "1.1.0", "id": .string(id), "description": .string(id),
            "license": "other",
            "extent": [
                "spatial": ["bbox": [[-180, -90, 180, 90]]], "temporal": ["interval": [[nil, nil]]],
            ], "links": [],
        ]
        return collection.serialized()
    }
}

import ArgumentParser
import Catalogue
import ItemInput
import JSON
import ServiceModule

struct LoadItems: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load Items from files into Collections.",
        discussion: """
            Reads NDJSON, FeatureCollections, arrays and single Items, plain or compressed with gzip or zstd, GeoParquet, \
            folders of such files, and - for standard input. Invalid Items are skipped and reported one by one on \
            standard error, with file, line or row, path and reason; the exit code is then 2. A server on the same \
            catalogue may run meanwhile. A load that is interrupted (exit code 130) or fails says what it has stored; to go \
            on, load the same files again.

            The folder of an export is loaded as it is, without --collection: its Collections are created where they \
            do not exist, each with its Items.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Id of the Collection.", valueName: "id")) var collection: String?
    @Flag(help: "Load each Item into the Collection that its member collection names.")
    var collectionFromItems = false
    @Flag(help: "Create Collections that do not exist, with only their ids.") var createCollection = false
    @Flag(help: "Migrate Items of STAC 0.8 to 1.0.0-rc to 1.1.0, as pystac does.") var migrate = false
    @Option(help: ArgumentHelp("How to treat an Item whose id exists.", valueName: "policy"))
    var onConflict = ConflictPolicy.replace
    @Option(help: ArgumentHelp("Stop after so many rejected Items.", valueName: "count")) var maxRejects = 1_000
    @Argument(help: ArgumentHelp("Files and folders; -: standard input.", valueName: "file")) var files: [String]

    func validate() throws {
        guard maxRejects >= 0 else { throw ValidationError("--max-rejects must not be negative.") }
        guard collection == nil || !collectionFromItems else {
            throw ValidationError("--collection and --collection-from-items cannot be combined.")
        }
    }

    func run() async throws {
        let exports = files.map { ExportedCollection.all(at: $0) }
        guard collection != nil || collectionFromItems || exports.allSatisfy({ $0 != nil }) else {
            throw ValidationError(
                "Say with --collection ID which Collection the Items belong to, or with --collection-from-items that they "
                    + "say it themselves.")
        }
        let paths = zip(files, exports).flatMap { path, collections in
            collections.map { $0.filter { collection == nil || $0.id == collection }.map(\.folder) } ?? [path]
        }
        guard !paths.isEmpty else { throw CommandError("The export has no Collection \"\(collection ?? "")\".") }
        let input = try ItemInput(paths: paths)
        let isExport = collection == nil && exports.contains { $0 != nil }
        let catalogue = try await common.catalogue(index: .ifFree, creating: createCollection || isExport)
        if collection == nil {
            for exported in exports.compactMap(\.self).joined() { try create(exported, in: catalogue) }
        }
        let display = LoadDisplay(maximumRejectCount: maxRejects)
        let report: LoadReport
        do {
            let plan = LoadPlan(
                collection: collection, createsCollections: createCollection, migrates: migrate, onConflict: onConflict)
            report = try await untilSignal { try await plan.load(input, into: catalogue, display) }
        } catch is CancellationError {
            display.stop()
            guard !display.hasTooManyRejects else { throw tooManyRejects }
            Console.status("Interrupted; what is counted above is stored")
            throw ExitCode(130)
        } catch {
            display.stop()
            throw error
        }
        display.finish(report)
        if display.hasItemsOfOtherCollections {
            Console.status(
                collection == nil
                    ? "Create a Collection with terrabyte collections put, or let --create-collection do it."
                    : "--collection-from-items loads each Item into the Collection that it names.")
        }
        if display.hasTooManyRejects { throw tooManyRejects }
        if report.rejected > 0 { throw ExitCode(2) }
    }

    private var tooManyRejects: CommandError {
        CommandError(
            "Stopped: more than \(ConsoleFormat.grouped(maxRejects)) Items have been rejected (--max-rejects); what is counted above is stored"
        )
    }

    /// An existing Collection stays as it is.
    private func create(_ exported: ExportedCollection, in catalogue: CatalogueEngine) throws {
        guard try catalogue.collection(id: exported.id) == nil, let document = exported.document else { return }
        _ = try catalogue.putCollection(document.serialized(), id: exported.id, .create, ifMatch: nil)
        Console.print("Created \(exported.id)")
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

/// What a load does with the Items that it reads.
private struct LoadPlan: Sendable {
    /// `nil`: each Item goes into the Collection that it names.
    let collection: String?
    let createsCollections: Bool
    let migrates: Bool
    let onConflict: ConflictPolicy

    func load(
        _ input: ItemInput, into catalogue: CatalogueEngine, _ display: LoadDisplay
    ) async throws -> LoadReport {
        guard let collection else {
            return try await catalogue.loadByCollection(
                input, onConflict: onConflict, migrates: migrates,
                creates: { id in
                    guard createsCollections else { return }
                    _ = try catalogue.putCollection(LoadItems.plainCollection(id), id: id, .create, ifMatch: nil)
                }, onReject: { display.show($0) }, onProgress: { display.show($0) })
        }
        if try createsCollections && catalogue.collection(id: collection) == nil {
            _ = try catalogue.putCollection(
                LoadItems.plainCollection(collection), id: collection, .create, ifMatch: nil)
        }
        return try await catalogue.load(
            input, into: collection, onConflict: onConflict, migrates: migrates, onReject: { display.show($0) },
            onProgress: { display.show($0) })
    }
}

public import Catalogue
public import JSON
import Parallelism
import Parquet
public import STACAPI
public import STACGeoParquet

/// The progress of a collection's export.
public struct ExportProgress: Sendable {
    public let collection: String
    public let itemCount: Int
    public let totalItemCount: Int
}

/// The result of an export.
public struct ExportReport: Sendable {
    public struct Collection: Sendable {
        public let id: String
        public let itemCount: Int
        public let fileCount: Int
        public let byteCount: Int
        /// Files that were written now, and the Items in them.
        public let writtenFileCount: Int
        public let writtenItemCount: Int
        public let columnCount: Int
        /// Columns that hold JSON text, since their values are of several types, or too many. Assets that are to be
        /// text are not among them.
        public let jsonColumns: [String]
        /// Items that are not in the files, since they are not I-JSON; `CatalogueEngine.verify` names them.
        public let leftOutItemCount: Int
    }

    /// Of the snapshot that was exported.
    public let sequence: Int64
    public let collections: [Collection]
    /// Collections that are gone from the catalogue, and now from the export.
    public let removedCollections: [String]
    /// What is damaged in the catalogue, and so not in the export, as sentences; empty if all has been exported.
    public let faults: [String]
}

/// Writes a catalogue as GeoParquet files, a folder for each collection, for users who search with their own cores.
///
/// The export is a consistent snapshot, while others write. Readers see either the old or the new version of a
/// collection. The next run writes only changed files; an interrupted one is continued.
public struct CatalogueExport: Sendable {
    public struct Options: Sendable {
        /// `nil`: all of `visible`.
        public var collections: [String]?
        /// Others are not exported, and taken out of an earlier export, unless `collections` names them: the files are
        /// read by everybody who may read the directory.
        public var visible = CollectionSet.all
        /// Row groups that are assembled concurrently.
        public var threadCount = Parallel.coreCount
        /// 1 (fast) to 22 (small).
        public var zstdLevel: Int32 = 9
        public var rowGroupRowCount = 16_384
        /// Another layout than the previous export's rewrites all files.
        public var layout = AssetLayout.columns
        /// The directory's address for users: each exported Collection gets an asset with it. `nil`: none.
        public var mirror: String?
        /// Polled: `true` ends the export with a `CancellationError`; the next one continues from there.
        var isCancelled: @Sendable () -> Bool = { false }
        /// Called before each step that readers see; what it throws ends the export.
        var willPublish: @Sendable () throws -> Void = {}

        public init() {}
    }

    private let engine: CatalogueEngine
    private let path: String
    var options: Options

    /// - Parameter directory: Made when there is none.
    public init(of engine: CatalogueEngine, to directory: String, options: Options = Options()) {
        self.engine = engine
        path = directory
        self.options = options
    }

    /// - Parameters:
    ///   - document: Gives a Collection as users see it, with its links.
    ///   - onProgress: Called from any thread.
    /// - Throws: `ExportError`, `CatalogueError`, `ParquetError` or `DuckDBFileError`; readers still see the previous
    ///   export then.
    public func run(
        document: (StoredCollection) throws -> JSONValue = { try JSONValue(parsing: $0.body, by: .rfc8259) },
        onProgress: @escaping @Sendable (ExportProgress) -> Void = { _ in }
    ) throws -> ExportReport {
        let directory = try ExportDirectory(path: path)
        guard let lock = try Self.lock(directory.path) else {
            throw ExportError("Another export to \(directory.path) is under way.")
        }
        defer { withExtendedLifetime(lock) {} }
        // Before the snapshot, which is to have them.
        if let mirror = options.mirror {
            try options.willPublish()
            try announce(mirror)
        }
        let snapshot = try CatalogueSnapshot(of: engine)
        let wanted = try chosen(snapshot.collections)
        var outcomes: [CollectionExport.Outcome] = []
        var faults: [String] = []
        for collection in wanted {
            guard !collection.isDamaged else {
                faults.append("The Collection \"\(collection.id)\" is damaged and has not been exported.")
                continue
            }
            let missing = try snapshot.missingItemCount(in: collection)
            if missing > 0 {
                faults.append(
                    "\(missing) Items of the Collection \"\(collection.id)\" are not in the search index, since they are damaged, and have not been exported; 'terrabyte verify' names them."
                )
            }
            outcomes.append(
                try CollectionExport(
                    snapshot: snapshot, collection: collection, document: document(collection),
                    directory: directory.collection(collection.id), options: options, onProgress: onProgress
                ).run())
        }
        let damaged = try snapshot.names(of: Set(outcomes.flatMap(\.damaged)))
        faults += damaged.map {
            "The Item \"\($0.id)\" of the Collection \"\($0.collection)\" is damaged and has not been exported."
        }
        try options.willPublish()
        var removed: [String] = []
        if options.collections == nil { removed = removeOthers(than: wanted, in: directory) }
        try ExportSummary(directory: directory, sequence: snapshot.sequence).write()
        return ExportReport(
            sequence: snapshot.sequence, collections: outcomes.map { ExportReport.Collection($0) },
            removedCollections: removed, faults: faults)
    }

    /// The directory, which is made if there is none: absolute, without symbolic links.
    func absoluteDirectory() throws -> String { try ExportDirectory(path: path).path }

    private static func lock(_ path: String) throws -> OwnerLock? {
        do {
            return try OwnerLock.acquire(path: path + "/.lock", patience: .zero)
        } catch let error as CatalogueError {
            throw ExportError("The directory of the export, \(path), cannot be used: \(error)")
        }
    }

    /// Adds to Collections without it, or with an outdated one, the asset with the address of their files.
    ///
    /// Source: [stac-geoparquet, referencing](
    /// https://github.com/stac-utils/stac-geoparquet/blob/main/spec/stac-geoparquet-spec.md#referencing-a-stac-geoparquet-collections-in-a-stac-collection-json).
    private func announce(_ mirror: String) throws {
        for collection in try chosen(engine.collections()) where !collection.isDamaged {
            let base = mirror.hasSuffix("/") ? String(mirror.dropLast()) : mirror
            let asset: JSONValue = [
                "href": .string("\(base)/\(ExportDirectory.folderName(collection.id))/*.parquet"),
                "type": "application/vnd.apache.parquet", "roles": ["collection-mirror"],
                "title": "Items as GeoParquet",
                "description": """
                All Items by the stac-geoparquet specification, in one file for each year, month or day (UTC), \
                which the file's name begins with; rows close in time and space lie together.
                """,
            ]
            guard try JSONValue(parsing: collection.body, by: .rfc8259)["assets"]?[Self.assetName] != asset else {
                continue
            }
            let patch: JSONObject = ["assets": [Self.assetName: asset]]
            _ = try engine.patchCollection(patch, id: collection.id, ifMatch: nil)
        }
    }

    private static let assetName = "geoparquet"

    private func chosen(_ all: [StoredCollection]) throws -> [StoredCollection] {
        guard let names = options.collections else { return all.filter { options.visible.contains($0.id) } }
        return try names.map { name in
            guard let collection = all.first(where: { $0.id == name }) else {
                throw CatalogueError(.noSuchCollection, "There is no Collection \"\(name)\".")
            }
            return collection
        }
    }

    private func removeOthers(than exported: [StoredCollection], in directory: ExportDirectory) -> [String] {
        let names = Set(exported.map { ExportDirectory.folderName($0.id) })
        return directory.folders().filter { !names.contains($0) }.map { folder in
            let directory = CollectionDirectory(root: directory.path, folder: folder)
            let id = directory.current.flatMap { CollectionManifest(directory: $0)?.id } ?? folder
            directory.remove()
            return id
        }
    }
}

extension ExportReport.Collection {
    init(_ outcome: CollectionExport.Outcome) {
        let manifest = outcome.manifest
        self.init(
            id: manifest.id, itemCount: manifest.itemCount, fileCount: manifest.files.count,
            byteCount: manifest.byteCount, writtenFileCount: outcome.writtenFiles,
            writtenItemCount: outcome.writtenItems, columnCount: manifest.schema.fileSchema.leaves.count,
            jsonColumns: manifest.schema.jsonColumns.filter { manifest.layout == .columns || $0 != "assets" },
            leftOutItemCount: outcome.leftOutItems)
    }
}

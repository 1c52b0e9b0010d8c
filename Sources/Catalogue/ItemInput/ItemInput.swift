public import Compression

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Files of Items in all supported formats: NDJSON, FeatureCollections, arrays, single Items; plain, gzip or
/// zstd; GeoParquet; folders of such files; standard input.
///
/// The content determines the format; names matter only for the choice of files in a folder.
///
///     let reader = try ItemInput(paths: ["items.ndjson.zst", "scenes/", "-"]).makeReader()
///     while let batch = try reader.nextBatch() { … }
public struct ItemInput: Sendable {
    public struct File: Sendable, Hashable {
        /// `-` for standard input.
        public let path: String
        /// As stored, so compressed where it is; `nil` for pipes and standard input.
        public let byteCount: Int?
    }

    public static let defaultItemSizeLimit = 64 << 20

    /// In the order in which they are read: that of the paths; within a folder sorted by path.
    public let files: [File]
    /// Largest accepted text of an Item, in bytes; larger ones are rejected one by one.
    public let itemSizeLimit: Int

    /// - Parameter paths: Files; folders, which are searched with all their subfolders for `.json`, `.geojson`,
    ///   `.ndjson` and `.jsonl`, also with `.gz` or `.zst` at the end, and `.parquet`; hidden files and files without
    ///   Items by its name (`catalog.json`, `collection.json`, `manifest.json` of an export, also with `_` before it)
    ///   left out; `-`.
    /// - Throws: `ItemInputError` when a path is not there, or a folder has no such file.
    public init(paths: [String], itemSizeLimit: Int = defaultItemSizeLimit) throws(ItemInputError) {
        var files: [File] = []
        for path in paths {
            if path == "-" {
                files.append(File(path: path, byteCount: nil))
                continue
            }
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw ItemInputError(source: path, reason: .notFound)
            }
            files +=
                isFolder
                ? try Self.files(inFolder: path) : [File(path: path, byteCount: FileStream.byteCount(ofFile: path))]
        }
        self.files = files
        self.itemSizeLimit = itemSizeLimit
    }

    /// Sum of the files' sizes; `nil` when one is not known.
    public var byteCount: Int? {
        files.reduce(0) { sum, file in sum.flatMap { sum in file.byteCount.map { sum + $0 } } }
    }

    /// - Parameter standardInput: What `-` stands for.
    public func makeReader(standardInput: any ByteStream = FileStream.standardInput()) -> ItemReader {
        ItemReader(self, standardInput: standardInput)
    }

    private static func files(inFolder folder: String) throws(ItemInputError) -> [File] {
        let names: [String]
        do {
            // The target of a symbolic link, such as the current version of an export.
            let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath()
            names = try FileManager.default.subpathsOfDirectory(atPath: real.path(percentEncoded: false))
        } catch {
            throw ItemInputError(source: folder, reason: .unreadable("\(error)"))
        }
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        let files = names.filter(isItemFile).map { prefix + $0 }.sorted().filter { path in
            var isFolder = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
        }
        guard !files.isEmpty else { throw ItemInputError(source: folder, reason: .noFiles) }
        return files.map { File(path: $0, byteCount: FileStream.byteCount(ofFile: $0)) }
    }

    private static func isItemFile(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard var name = parts.last?.lowercased(), !parts.contains(where: { $0.hasPrefix(".") }) else { return false }
        // The names of STAC's Best Practices, and that of an export's list of its files.
        let plainName = name.hasPrefix("_") ? String(name.dropFirst()) : name
        if ["catalog.json", "collection.json", "manifest.json"].contains(plainName) { return false }
        if name.hasSuffix(".parquet") || name.hasSuffix(".geoparquet") { return true }
        for suffix in [".gz", ".zst"] where name.hasSuffix(suffix) { name.removeLast(suffix.count) }
        return [".json", ".geojson", ".ndjson", ".jsonl"].contains { name.hasSuffix($0) }
    }
}

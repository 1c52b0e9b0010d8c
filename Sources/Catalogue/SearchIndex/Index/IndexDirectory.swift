import Checksum
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files of an index: segments, their sets of superseded rows, and a manifest that names both.
///
/// The manifest is replaced atomically, so that a killed process leaves the old index or the new one; files that it
/// does not name are removed.
struct IndexDirectory: Sendable {
    /// Incremented when the file format changes; the index is then rebuilt.
    static let formatVersion = 7
    let path: String

    /// - Throws: `IndexFileError` when the directory cannot be created.
    init(path: String) throws {
        self.path = path
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw IndexFileError("create", path) }
    }

    /// The directory of another process's index.
    init(reading path: String) { self.path = path }

    var manifestPath: String { path + "/manifest.json" }

    /// The index as last written; `nil` when there is none, or one of another format or of another store.
    ///
    /// Files that are damaged or missing are in `CollectionSegments.lost`.
    ///
    /// - Throws: `SegmentError` for a manifest that lacks a member.
    func load(storeID: String) throws -> IndexSnapshot? {
        guard let bytes = try? readFile(manifestPath), let manifest = Self.content(ofManifest: bytes),
            manifest["format"]?.int == Self.formatVersion, manifest["store"]?.string == storeID
        else { return nil }
        return try load(manifest)
    }

    /// The index that a manifest of this directory describes; see `load(storeID:)`.
    func load(_ manifest: JSONValue) throws -> IndexSnapshot? {
        guard let applied = manifest["applied"]?.int, let collections = manifest["collections"]?.array else {
            return nil
        }
        var snapshot = IndexSnapshot()
        snapshot.appliedSequence = Int64(applied)
        for entry in collections {
            guard let number = entry["number"]?.int, let id = entry["id"]?.string, let files = entry["segments"]?.array
            else { throw SegmentError(description: "the manifest has a collection without number, id or segments") }
            var collection = CollectionSegments(number: Int64(number), id: id)
            collection.lastChange = snapshot.appliedSequence
            for file in files {
                guard let name = file["file"]?.string, let rows = file["rows"]?.int else {
                    throw SegmentError(description: "the manifest has a segment without file or rows")
                }
                do {
                    let segment = try Segment(path: "\(path)/\(name)", fileName: name)
                    guard segment.rowCount == rows else {
                        throw SegmentError(description: "\(name) has not \(rows) rows")
                    }
                    let live = try liveRows(file["live"]?.string, of: segment)
                    collection.segments.append(SegmentState(segment, live: live))
                } catch {
                    collection.lost.append((name, file))
                }
            }
            snapshot.collections[collection.number] = collection
        }
        return snapshot
    }

    /// Like `load`, while another process may replace the files that the manifest names.
    func loadWhileKept(storeID: String) throws -> IndexSnapshot? {
        for _ in 1..<Self.attempts {
            // If the manifest has been replaced meanwhile, the new one names existing files; if not, it is damaged.
            let before = try? readFile(manifestPath)
            let snapshot = try load(storeID: storeID)
            let isWhole = snapshot?.collections.values.allSatisfy(\.lost.isEmpty) ?? true
            if isWhole { return snapshot }
            if let now = try? readFile(manifestPath), now == before { return snapshot }
        }
        return try load(storeID: storeID)
    }

    static let attempts = 10

    private func liveRows(_ name: String?, of segment: Segment) throws -> Bitmap? {
        guard let name else { return nil }
        let bytes = try readFile("\(path)/\(name)")
        let words = (segment.rowCount + 63) / 64
        guard bytes.count == (words + 1) * 8 else { throw SegmentError(description: "\(name) has not \(words) words") }
        return try bytes.withUnsafeBytes { bytes in
            func word(_ index: Int) -> UInt64 {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            guard word(words) == XXHash64.hash(UnsafeRawBufferPointer(rebasing: bytes[..<(words * 8)])) else {
                throw SegmentError(description: "\(name) is damaged")
            }
            return Bitmap(words: (0..<words).map(word), count: segment.rowCount)
        }
    }

    /// The words of the set, little endian, and their XXH64.
    private static func bytes(of rows: Bitmap) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in rows.words { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
        let sum = bytes.withUnsafeBytes(XXHash64.hash)
        withUnsafeBytes(of: sum.littleEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// `nil` when the bytes are no manifest or a damaged one.
    static func content(ofManifest bytes: [UInt8]) -> JSONValue? {
        guard let manifest = try? JSONValue(parsing: bytes, by: .rfc8259), let index = manifest["index"],
            manifest["checksum"]?.string == textChecksum(of: index)
        else { return nil }
        return index
    }

    private static func textChecksum(of value: JSONValue) -> String {
        String(value.serialized().withUnsafeBytes(XXHash64.hash), radix: 16)
    }

    /// Writes an in-memory segment to a file.
    ///
    /// - Returns: The same segment, mapped.
    func write(_ segment: Segment) throws -> Segment {
        let name = "segment-\(uniqueName()).tbseg"
        try writeFile("\(path)/\(name)", segment.bytes)
        return try Segment(path: "\(path)/\(name)", fileName: name)
    }

    /// Commits `snapshot`, all of whose segments are files: `load` returns it from now on.
    func commit(_ snapshot: IndexSnapshot, storeID: String) throws {
        var named: Set<String> = ["manifest.json"]
        var collections: [JSONValue] = []
        for collection in snapshot.collections.values.sorted(by: { $0.number < $1.number }) {
            var files: [JSONValue] = []
            for state in collection.segments {
                guard let name = state.segment.fileName else { continue }
                named.insert(name)
                var file: JSONObject = ["file": .string(name), "rows": JSONValue(state.segment.rowCount)]
                if let live = state.live {
                    // The name contains the count: rows only ever die, so that equal counts mean equal sets.
                    let liveName = "\(name).live-\(state.liveCount)"
                    if access("\(path)/\(liveName)", F_OK) != 0 {
                        try Self.bytes(of: live).withUnsafeBytes { try writeFile("\(path)/\(liveName)", $0) }
                    }
                    named.insert(liveName)
                    file["live"] = .string(liveName)
                }
                files.append(.object(file))
            }
            // Not forgotten: without its rows the collection would seem to be complete.
            for file in collection.lost {
                named.insert(file.name)
                if let live = file.entry["live"]?.string { named.insert(live) }
                files.append(file.entry)
            }
            collections.append([
                "number": JSONValue(Int(collection.number)), "id": .string(collection.id), "segments": .array(files),
            ])
        }
        let index: JSONValue = [
            "format": JSONValue(Self.formatVersion), "store": .string(storeID),
            "applied": JSONValue(Int(snapshot.appliedSequence)), "collections": .array(collections),
        ]
        let manifest: JSONValue = ["index": index, "checksum": .string(Self.textChecksum(of: index))]
        try manifest.serialized().withUnsafeBytes { try writeFile(manifestPath, $0) }
        try syncDirectory()
        removeFiles(except: named)
    }

    /// Makes renames durable: without it, a power cut could bring back a manifest whose files are gone.
    func syncDirectory() throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw IndexFileError("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw IndexFileError("sync", path) }
    }

    /// Removes everything: the next `load` returns `nil`.
    func clear() { removeFiles(except: []) }

    func removeFiles(except named: Set<String>) {
        guard let directory = opendir(path) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let isOurs = name.hasPrefix("segment-") || name.hasPrefix("manifest.json")
            if isOurs, !named.contains(name) { unlink("\(path)/\(name)") }
        }
    }

    private func uniqueName() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 36)
    }
}

import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The index in another directory cannot be used here.
public struct IndexCopyError: Error, CustomStringConvertible {
    /// A sentence's end.
    public let description: String
}

extension IndexDirectory {
    /// Replaces this index by a copy of another one of the same store, which its owner may be changing meanwhile.
    ///
    /// Segments are immutable and have names that are used once: those of the same file system are linked, not copied. Until
    /// the manifest is replaced, in the end, the present index remains.
    ///
    /// - Throws: `IndexCopyError` when there is no index that can be used; `IndexFileError` when files cannot be written.
    func replace(byCopyOf source: IndexDirectory, storeID: String) throws {
        for attempt in 1... {
            let bytes = try source.manifestBytes()
            let manifest = try Self.usable(manifest: bytes, storeID: storeID)
            let names = Self.fileNames(in: manifest)
            do {
                for name in names { try copyFile("\(source.path)/\(name)", to: "\(path)/\(name)") }
            } catch let error as IndexFileError where error.code == ENOENT && attempt < Self.attempts {
                // A file that its owner has replaced: the new manifest names others.
                guard try source.manifestBytes() == bytes else { continue }
                throw IndexCopyError(description: "it is damaged: \(error)")
            }
            try requireWhole(manifest)
            try bytes.withUnsafeBytes { try writeFile(manifestPath, $0) }
            try syncDirectory()
            removeFiles(except: names.union(["manifest.json"]))
            return
        }
    }

    var hasManifest: Bool { access(manifestPath, F_OK) == 0 }

    func isSame(as other: IndexDirectory) -> Bool {
        var (one, another) = (stat(), stat())
        guard stat(path, &one) == 0, stat(other.path, &another) == 0 else { return false }
        return one.st_dev == another.st_dev && one.st_ino == another.st_ino
    }

    private func manifestBytes() throws -> [UInt8] {
        do {
            return try readFile(manifestPath)
        } catch {
            throw IndexCopyError(description: "there is none (\(error))")
        }
    }

    private static func usable(manifest bytes: [UInt8], storeID: String) throws -> JSONValue {
        guard let manifest = content(ofManifest: bytes) else {
            throw IndexCopyError(description: "its manifest is damaged")
        }
        guard manifest["format"]?.int == formatVersion else {
            throw IndexCopyError(description: "another version of the program has written it")
        }
        guard manifest["store"]?.string == storeID else {
            throw IndexCopyError(description: "it is that of another catalogue")
        }
        return manifest
    }

    private static func fileNames(in manifest: JSONValue) -> Set<String> {
        var names: Set<String> = []
        for collection in manifest["collections"]?.array ?? [] {
            for entry in collection["segments"]?.array ?? [] {
                for key in ["file", "live"] {
                    // A path would leave the directory.
                    if let name = entry[key]?.string, !name.contains("/") { names.insert(name) }
                }
            }
        }
        return names
    }

    private func requireWhole(_ manifest: JSONValue) throws {
        do {
            guard let snapshot = try load(manifest) else {
                throw IndexCopyError(description: "its manifest is damaged")
            }
            let lost = snapshot.collections.values.flatMap { $0.lost.map(\.name) }
            guard lost.isEmpty else {
                throw IndexCopyError(description: "it is damaged: \(lost.sorted().joined(separator: ", "))")
            }
        } catch let error as SegmentError {
            throw IndexCopyError(description: "it is damaged: \(error.description)")
        }
    }

    /// Links or copies a file, under its name only when it is complete.
    private func copyFile(_ source: String, to target: String) throws {
        let partial = target + ".part"
        unlink(partial)
        if link(source, partial) == 0 {
            // Nothing happens when these are two names of one file already.
            guard rename(partial, target) == 0 else { throw IndexFileError("finish", target) }
            unlink(partial)
            return
        }
        // Another file system, or one whose files may not be linked.
        guard errno != ENOENT else { throw IndexFileError("open", source) }
        try readFile(source).withUnsafeBytes { try writeFile(target, $0) }
    }
}

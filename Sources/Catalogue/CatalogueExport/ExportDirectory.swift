import Catalogue
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The directory of an export: for each collection a symbolic link to the folder of its newest version.
///
///     DIR/_manifest.json, DIR/catalogue.duckdb
///     DIR/sentinel-2-c1-l2a -> .versions/sentinel-2-c1-l2a/1048576
///     DIR/.versions/sentinel-2-c1-l2a/1048576/{2023-1f….parquet, …}
///     DIR/.versions/sentinel-2-c1-l2a/1048576/_export/{manifest.json, collection.json}
///     DIR/.versions/sentinel-2-c1-l2a/next/     the version being written, or left by a killed process
///
/// Readers of folders of Parquet files skip names that begin with an underscore, and patterns such as `DIR/…/*` match no
/// files in folders below.
///
/// A link is replaced in one step: a reader that follows it sees one version or the other. Files never change; those that two
/// versions share are one file with two names. The previous version stays for its readers.
struct ExportDirectory {
    static let manifestName = "_manifest.json"

    /// Absolute, without symbolic links.
    let path: String

    init(path: String) throws {
        try Self.makeDirectories(path)
        guard let resolved = realpath(path, nil) else { throw ExportError("find", path) }
        defer { free(resolved) }
        self.path = String(cString: resolved)
    }

    static func makeDirectories(_ path: String) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectories(String(path[..<slash]))
        }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw ExportError("create", path) }
    }

    /// The folder of a collection: its id, with everything in it that could be taken for something else in a path or a
    /// pattern written as `%` and two hexadecimal digits.
    static func folderName(_ id: String) -> String {
        var name = ""
        for (index, byte) in id.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ".") where index > 0: name += "."
            default: name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return name
    }

    func collection(_ id: String) -> CollectionDirectory {
        CollectionDirectory(root: path, folder: Self.folderName(id))
    }

    /// Ids of the folders that an export has made.
    func folders() -> [String] { CatalogueDirectory.names(in: path + "/.versions") }

    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ExportError("open", path) }
        defer { close(descriptor) }
        // Some network file systems do not support synchronizing a directory (EINVAL), and do not need it.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw ExportError("sync", path) }
    }

    /// Removes a directory of plain files, and of one such directory.
    static func remove(_ path: String) {
        for name in CatalogueDirectory.names(in: path) {
            if name == CollectionDirectory.listFolder {
                remove("\(path)/\(name)")
            } else {
                unlink("\(path)/\(name)")
            }
        }
        rmdir(path)
    }
}

/// The versions of one collection's folder.
struct CollectionDirectory {
    /// Of a version: the folder of what is no file of Items.
    static let listFolder = "_export"
    static let manifestName = listFolder + "/manifest.json"
    static let collectionName = listFolder + "/collection.json"
    /// Earlier versions wrote the second.
    static let manifestNames = [manifestName, "manifest.json"]

    let root: String
    let folder: String

    private var versions: String { "\(root)/.versions/\(folder)" }
    /// The folder in which the next version is written.
    var next: String { "\(versions)/next" }
    var link: String { "\(root)/\(folder)" }

    /// The folder that the link leads to; `nil` before the first export.
    var current: String? {
        guard let name = currentName else { return nil }
        let path = "\(versions)/\(name)"
        return access(path, F_OK) == 0 ? path : nil
    }

    /// Whether the current version's lists have the names that this version of the program gives them.
    var hasCurrentNames: Bool {
        current.map { access("\($0)/\(Self.manifestName)", F_OK) == 0 } ?? false
    }

    private var currentName: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let target = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return target.split(separator: "/").last.map(String.init)
    }

    /// - Throws: `ExportError` also when something that no export has made has the collection's name.
    func prepareNext() throws {
        var status = stat()
        if lstat(link, &status) == 0, status.st_mode & S_IFMT != S_IFLNK {
            throw ExportError("\(link) exists and is not from an export; it is left unchanged.")
        }
        try ExportDirectory.makeDirectories("\(next)/\(Self.listFolder)")
        for name in CatalogueDirectory.names(in: next) where name.hasSuffix(".part") { unlink("\(next)/\(name)") }
    }

    /// Makes the next version the current one, atomically, and removes all but the previous one.
    ///
    /// - Parameters:
    ///   - sequence: Names the version.
    ///   - willPublish: Called when all is on disk; what it throws leaves the current version as it is.
    func publish(_ sequence: Int64, willPublish: () throws -> Void) throws {
        try ExportDirectory.sync("\(next)/\(Self.listFolder)")
        try ExportDirectory.sync(next)
        try willPublish()
        var name = String(sequence)
        var attempt = 1
        while access("\(versions)/\(name)", F_OK) == 0 {
            attempt += 1
            name = "\(sequence)-\(attempt)"
        }
        let previous = currentName
        guard rename(next, "\(versions)/\(name)") == 0 else { throw ExportError("rename", next) }
        let newLink = "\(versions)/link"
        unlink(newLink)
        guard symlink(".versions/\(folder)/\(name)", newLink) == 0 else { throw ExportError("link", newLink) }
        guard rename(newLink, link) == 0 else { throw ExportError("link", link) }
        try ExportDirectory.sync(root)
        for other in CatalogueDirectory.names(in: versions) where other != name && other != previous && other != "next"
        {
            ExportDirectory.remove("\(versions)/\(other)")
        }
    }

    /// Takes the collection out of the export.
    func remove() {
        unlink(link)
        for name in CatalogueDirectory.names(in: versions) { ExportDirectory.remove("\(versions)/\(name)") }
        rmdir(versions)
    }
}

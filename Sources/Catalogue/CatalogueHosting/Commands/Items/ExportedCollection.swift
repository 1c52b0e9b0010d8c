import Catalogue
import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A Collection in a folder that `terrabyte export` has written.
struct ExportedCollection {
    let id: String
    let folder: String

    /// The Collections of an export: all of its root, or the one whose folder it is.
    ///
    /// - Returns: `nil` for a path that is no folder of an export.
    static func all(at path: String) -> [ExportedCollection]? {
        guard let manifest = json(path, ["_manifest.json", "_export/manifest.json", "manifest.json"]) else {
            return nil
        }
        if let collections = manifest["collections"]?.array {
            return collections.compactMap { entry in
                guard let id = entry["collection"]?.string, let folder = entry["folder"]?.string else { return nil }
                return ExportedCollection(id: id, folder: path + (path.hasSuffix("/") ? "" : "/") + folder)
            }
        }
        guard manifest["files"]?.array != nil, let id = manifest["collection"]?.string else { return nil }
        return [ExportedCollection(id: id, folder: path)]
    }

    /// The Collection as it was exported.
    var document: JSONValue? { Self.json(folder, ["_export/collection.json", "collection.json"]) }

    private static func json(_ folder: String, _ names: [String]) -> JSONValue? {
        for name in names {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            return try? JSONValue(parsing: Array(data))
        }
        return nil
    }
}

import Compression
package import Foundation
package import JSON

/// Real documents that lie beside the checkout, too many to copy into it: the folder `shared/data` of one of the
/// folders above this file, or the one that `TERRABYTE_SHARED_DATA` names.
package enum SharedData {
    package static let folder: URL? = {
        if let path = ProcessInfo.processInfo.environment["TERRABYTE_SHARED_DATA"] { return URL(filePath: path) }
        var folder = URL(filePath: #filePath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appending(path: "shared/data")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
        }
        return nil
    }()

    package static var isPresent: Bool { folder != nil }

    /// Files below `subfolder` that end in `suffix`, as paths within the data, sorted.
    package static func files(in subfolder: String, endingIn suffix: String) throws -> [String] {
        guard let folder else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: folder.appending(path: subfolder).path)
            .filter { $0.hasSuffix(suffix) }.map { subfolder + "/" + $0 }.sorted()
    }

    package static func bytes(_ path: String) throws -> [UInt8] {
        guard let folder else { return [] }
        return try decoded(FileStream(path: folder.appending(path: path).path)).readToEnd()
    }

    /// Objects that say `type` and have a `stac_version` in a file: itself, the features of a FeatureCollection, the
    /// elements of an array, the lines of NDJSON.
    package static func forEach(
        _ type: StaticString, in path: String, _ body: (_ name: String, JSONElement, _ isMinified: Bool) throws -> Void
    ) throws {
        let bytes = try bytes(path)
        let isLines = path.contains(".ndjson")
        let reader = JSONReader()
        for (index, text) in (isLines ? bytes.split(separator: 0x0a) : [bytes[...]]).enumerated() {
            let name = isLines ? "\(path):\(index + 1)" : path
            try reader.read(Array(text)) { root in
                try visit(root, name) { name, element in
                    guard element.member("type")?.equals(type) == true, element.member("stac_version") != nil else {
                        return
                    }
                    try body(name, element, reader.whitespaceCount == 0)
                }
            }
        }
    }

    private static func visit(_ element: JSONElement, _ name: String, _ body: (String, JSONElement) throws -> Void)
        throws
    {
        let parts = element.kind == .array ? element : element.member("features") ?? element.member("collections")
        guard let parts, parts.kind == .array else { return try body(name, element) }
        for (index, part) in parts.elements.enumerated() { try body("\(name)#\(index)", part) }
    }
}

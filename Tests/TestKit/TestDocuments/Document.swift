import Compression
import Foundation
package import JSON
import Testing

/// A file in a folder of documents.
package struct Document: Sendable, Hashable, CustomTestStringConvertible {
    package let folder: DocumentFolder
    /// Within the folder.
    package let path: String

    package init(folder: DocumentFolder, path: String) {
        self.folder = folder
        self.path = path
    }

    package var testDescription: String { path }

    /// In the file system.
    package var file: String { folder.url.appending(path: path).path }

    /// Those of all folders, as ``DocumentFolder/documents(in:endingIn:)`` gives them.
    package static func all(in subfolder: String, endingIn suffix: String) throws -> [Document] {
        try DocumentFolder.all.flatMap { try $0.documents(in: subfolder, endingIn: suffix) }
    }

    /// A document that lies beside this one, or below its folder.
    package func neighbour(_ name: String) -> Document {
        Document(folder: folder, path: path.split(separator: "/").dropLast().joined(separator: "/") + "/" + name)
    }

    /// The content, decompressed.
    package func bytes() throws -> [UInt8] { try decoded(FileStream(path: file)).readToEnd() }

    package func text() throws -> String { String(decoding: try bytes(), as: UTF8.self) }

    package func json() throws -> JSONValue { try JSONValue(parsing: bytes()) }

    /// The lines of NDJSON.
    package func lines() throws -> [JSONValue] {
        try bytes().split(separator: 0x0a).map { try JSONValue(parsing: Array($0)) }
    }

    /// Objects that say `type` and have a `stac_version`: the document itself, the features of a FeatureCollection, the
    /// elements of an array, the lines of NDJSON.
    package func forEach(
        _ type: StaticString, _ body: (_ name: String, JSONElement, _ isMinified: Bool) throws -> Void
    ) throws {
        let bytes = try bytes()
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

    private func visit(_ element: JSONElement, _ name: String, _ body: (String, JSONElement) throws -> Void) throws {
        let parts = element.kind == .array ? element : element.member("features") ?? element.member("collections")
        guard let parts, parts.kind == .array else { return try body(name, element) }
        for (index, part) in parts.elements.enumerated() { try body("\(name)#\(index)", part) }
    }
}

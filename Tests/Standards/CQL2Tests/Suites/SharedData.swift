import Foundation
import JSON
import Testing

/// The data that developers keep beside their checkouts: OGC and cql2-rs test suites, which are not ours to copy.
///
/// Looked for as `shared/data` in the parents of the package, or where `TERRABYTE_SHARED_DATA` says.
enum SharedData {
    static let cql2: URL? = {
        var candidates: [URL] = []
        if let path = ProcessInfo.processInfo.environment["TERRABYTE_SHARED_DATA"] {
            candidates.append(URL(fileURLWithPath: path))
        } else {
            var folder = URL(fileURLWithPath: #filePath)
            while folder.path != "/" {
                folder.deleteLastPathComponent()
                candidates.append(folder.appendingPathComponent("shared/data"))
            }
        }
        return candidates.map { $0.appendingPathComponent("cql2") }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static var isPresent: Bool { cql2 != nil }
    static let isMissing: Comment = "no shared/data/cql2 beside the checkout"

    static func text(_ path: String) throws -> String {
        guard let cql2 else { return "" }
        return try String(contentsOf: cql2.appendingPathComponent(path), encoding: .utf8)
    }

    static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: text(path))
    }

    /// The names of the folder's files; none when there is no such data.
    static func names(in folder: String) -> [String] {
        guard let cql2 else { return [] }
        let names = try? FileManager.default.contentsOfDirectory(atPath: cql2.appendingPathComponent(folder).path)
        return (names ?? []).sorted()
    }
}

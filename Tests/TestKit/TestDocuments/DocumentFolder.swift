package import Foundation
package import Testing

/// A folder of documents that tests read.
package struct DocumentFolder: Sendable, Hashable, CustomTestStringConvertible {
    package let url: URL

    package var testDescription: String { url.lastPathComponent }

    /// A few small ones, which lie in the tree.
    package static let fixtures = DocumentFolder(
        url: URL(filePath: #filePath).appending(path: "../../../Fixtures").standardizedFileURL)

    /// Many real ones, too large for the tree, which not everybody has: the folder `shared/data` of one of the folders
    /// above this file, or the one that `TERRABYTE_SHARED_DATA` names.
    package static let shared: DocumentFolder? = {
        var candidates: [URL] = []
        if let path = ProcessInfo.processInfo.environment["TERRABYTE_SHARED_DATA"] {
            candidates = [URL(filePath: path)]
        } else {
            var folder = URL(filePath: #filePath)
            while folder.path != "/" {
                folder.deleteLastPathComponent()
                candidates.append(folder.appending(path: "shared/data"))
            }
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }.map { DocumentFolder(url: $0) }
    }()

    /// Those that there are.
    package static let all = [fixtures] + (shared.map { [$0] } ?? [])

    /// Documents below `subfolder` whose paths end in `suffix`, by path.
    package func documents(in subfolder: String, endingIn suffix: String) throws -> [Document] {
        let paths = FileManager.default.subpaths(atPath: url.appending(path: subfolder).path) ?? []
        return paths.map { "\(subfolder)/\($0)" }.filter { $0.hasSuffix(suffix) }.sorted()
            .map { Document(folder: self, path: $0) }
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests of what only the shared documents can show.
    package static var withSharedDocuments: Self {
        .enabled(if: DocumentFolder.shared != nil, "shared data absent")
    }
}

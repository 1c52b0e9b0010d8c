package import Foundation

/// A new, empty directory that is removed with its owner.
///
/// For what holds it as a property. A function uses ``withTemporaryDirectory(holding:_:)``, since an optimised build may
/// release a local constant after its last use, with files in the directory still open.
package final class TemporaryDirectory: Sendable {
    package let url: URL

    package init(in parent: URL = FileManager.default.temporaryDirectory) throws {
        url = parent.appending(path: "terrabyte-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { remove() }

    package var path: String { url.path }

    package func path(_ name: String) -> String { url.appending(path: name).path }

    /// Names of what is in it, or in one of its directories, sorted.
    package func files(in directory: String? = nil) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.map { path($0) } ?? path).sorted()
    }

    /// Writes a file, and makes the directories that it lies in.
    ///
    /// - Returns: Its path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    @discardableResult
    package func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

    package func remove() { try? FileManager.default.removeItem(at: url) }
}

/// Runs `body` with a new directory, which is gone afterwards.
///
/// - Parameter files: Contents of its files by their names, which may have slashes.
package func withTemporaryDirectory<Result>(
    holding files: [String: [UInt8]] = [:], _ body: (TemporaryDirectory) throws -> Result
) throws -> Result {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    for (name, bytes) in files { try directory.write(bytes, to: name) }
    return try body(directory)
}

/// Runs `body` with a new, empty directory, which is gone afterwards.
package func withTemporaryDirectory<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (TemporaryDirectory) async throws -> Result
) async throws -> Result {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    return try await body(directory)
}

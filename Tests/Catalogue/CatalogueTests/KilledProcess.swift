import CatalogueTestKit
import Foundation
import TestKit
import Testing

/// A child process that writes and reports what it has written, until it is killed.
final class KilledProcess {
    private let process = Process()
    /// What the child reports; a file never makes it wait for us.
    private let report: URL

    /// - Parameters:
    ///   - name: Of the executable beside the tests.
    ///   - report: The path of a new file for the child's standard output.
    init(_ name: String, _ arguments: [String], report: String) throws {
        self.report = URL(fileURLWithPath: report)
        _ = FileManager.default.createFile(atPath: report, contents: nil)
        // Where the package is built: that is the bundle itself on Linux, and the folder around it on macOS.
        let bundle = Bundle(for: Self.self).bundleURL
        process.executableURL = [bundle, bundle.deletingLastPathComponent()]
            .map { $0.appendingPathComponent(name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        process.arguments = arguments
        process.standardOutput = try FileHandle(forWritingTo: self.report)
        try process.run()
    }

    func waitForFirstLine() throws {
        try blockUntil("The child process writes nothing") {
            try #require(process.isRunning, "The child process has ended")
            return try !Data(contentsOf: report).isEmpty
        }
    }

    /// Lets some time pass, so that the child is anywhere in its work. Nothing is waited for: when the process dies is
    /// what such a test is about.
    static func letWork(microseconds: ClosedRange<UInt32>, using generator: inout SeededGenerator) {
        usleep(.random(in: microseconds, using: &generator))
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func reported() throws -> String { try String(contentsOf: report, encoding: .utf8) }
}

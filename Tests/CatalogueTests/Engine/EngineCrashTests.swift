import Foundation
import STACAPI
import Testing

@testable import Catalogue

@Suite("A load whose process is killed") struct EngineCrashTests {
    private static let rounds = 12
    private static let itemsPerFile = 6000

    @Test("leaves every acknowledged Item, none twice, and an index that opens")
    func survivesKill() throws {
        let folder = try TemporaryFolder()
        do { _ = try folder.catalogue() }
        // The same Items with other contents, so that each file replaces a part of the one before.
        let files = try (0..<3).map { number in
            try folder.write(
                lines: Samples.items(number * 2000..<number * 2000 + Self.itemsPerFile, extra: #","round":\#(number)"#),
                to: "\(number).ndjson")
        }
        var acknowledged: Set<String> = []
        for round in 0..<Self.rounds {
            let report = folder.path("report-\(round)")
            let child = try Child(report, ["home"].map(folder.path) + ["a"] + files)
            try child.waitForFirstLine()
            // Not for an outcome: when the process dies is what the test is about.
            usleep(.random(in: 1000...1_500_000))
            child.kill()
            for line in try String(contentsOfFile: report, encoding: .utf8).split(separator: "\n").dropLast() {
                let words = line.split(separator: " ")
                let first = (files.firstIndex(of: String(words[0])) ?? 0) * 2000
                for number in first..<first + (Int(words[1]) ?? 0) { acknowledged.insert("item-\(number)") }
            }
            try folder.withCatalogue { catalogue in
                #expect(try catalogue.verify() == [])
                let found = try catalogue.ids()
                #expect(Set(found).count == found.count)
                #expect(acknowledged.subtracting(found).isEmpty)
            }
        }
        #expect(acknowledged.count >= Self.itemsPerFile)
    }
}

/// A process that loads until it is killed.
private final class Child {
    private let process = Process()
    /// What it reports; a file never makes it wait for us.
    private let report: String

    init(_ report: String, _ arguments: [String]) throws {
        self.report = report
        _ = FileManager.default.createFile(atPath: report, contents: nil)
        // Where the package is built: that is the bundle itself on Linux, and the folder around it on macOS.
        let bundle = Bundle(for: Self.self).bundleURL
        process.executableURL = [bundle, bundle.deletingLastPathComponent()]
            .map { $0.appendingPathComponent("LoadCrashChild") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        process.arguments = arguments
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: report))
        try process.run()
    }

    func waitForFirstLine() throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try Data(contentsOf: URL(fileURLWithPath: report)).isEmpty {
            try #require(process.isRunning && ContinuousClock.now < deadline, "The child process does not load")
            // Another process's file says nothing when it changes.
            usleep(1000)
        }
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

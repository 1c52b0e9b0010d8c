import CatalogueTestKit
import Foundation
import STACAPI
import TestKit
import Testing

@testable import Catalogue

@Suite("A load whose process is killed") struct EngineCrashTests {
    private static let rounds = TestRounds.count(6)
    private static let itemsPerFile = 6000

    @Test("leaves every acknowledged Item, none twice, and an index that opens")
    func survivesKill() throws {
        let folder = try TemporaryDirectory()
        do { _ = try folder.catalogue() }
        // The same Items with other contents, so that each file replaces a part of the one before.
        let files = try (0..<3).map { number in
            try folder.write(
                lines: Samples.items(number * 2000..<number * 2000 + Self.itemsPerFile, extra: #","round":\#(number)"#),
                to: "\(number).ndjson")
        }
        var acknowledged: Set<String> = []
        var generator = SeededGenerator(seed: 1)
        for round in 0..<Self.rounds {
            let report = folder.path("report-\(round)")
            let child = try KilledProcess("LoadCrashChild", [folder.path("home"), "a"] + files, report: report)
            try child.waitForFirstLine()
            KilledProcess.letWork(microseconds: 1000...1_500_000, using: &generator)
            child.kill()
            for line in try child.reported().split(separator: "\n").dropLast() {
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
        #expect(!acknowledged.isEmpty)
    }
}

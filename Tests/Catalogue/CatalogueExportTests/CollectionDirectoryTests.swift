import Foundation
import TestKit
import Testing

@testable import CatalogueExport

@Suite("The folder of an exported Collection") struct CollectionDirectoryTests {
    private struct Refused: Error {}

    @Test("shows a version when it is published, and stays as it is when that is refused")
    func publishes() throws {
        try withTemporaryDirectory { folder in
            let directory = try ExportDirectory(path: folder.path("files")).collection("a")
            func content() throws -> String {
                try String(contentsOfFile: directory.link + "/a.parquet", encoding: .utf8)
            }
            func write(_ content: String) throws {
                try directory.prepareNext()
                try content.write(toFile: directory.next + "/a.parquet", atomically: false, encoding: .utf8)
            }
            try write("1")
            #expect(throws: Refused.self) { try directory.publish(1) { throw Refused() } }
            #expect(directory.current == nil)
            try directory.publish(1) { #expect(directory.current == nil) }
            #expect(try content() == "1")
            try write("2")
            #expect(throws: Refused.self) { try directory.publish(2) { throw Refused() } }
            #expect(try content() == "1")
            // What was written is there for the next attempt.
            try directory.prepareNext()
            try directory.publish(3) {}
            #expect(try content() == "2")
        }
    }
}

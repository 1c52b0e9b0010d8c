import TestDocuments
import TestKit
import Testing

@testable import Parquet

/// Files with some bytes changed: anything but a crash, and no more memory than the limits allow.
@Suite("Changed files") struct MutationTests {
    static let limits: ReaderLimits = {
        var limits = ReaderLimits()
        limits.footerByteCount = 1 << 20
        limits.pageByteCount = 1 << 22
        limits.pageValueCount = 1 << 18
        limits.readValueCount = 1 << 18
        limits.readByteCount = 1 << 24
        limits.indexByteCount = 1 << 20
        return limits
    }()

    @Test("are errors or other values, never a crash", arguments: ReferenceFiles.documents)
    func changed(document: Document) throws {
        let original = try document.bytes()
        guard original.count < 10_000 else { return }
        var random = SeededGenerator(seed: original.count)
        for _ in 0..<TestRounds.count(20) {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                // Half of the changes are in the footer, where more of them matter.
                let start = Bool.random(using: &random) ? max(0, bytes.count - 600) : 0
                let index = Int.random(in: start..<bytes.count, using: &random)
                bytes[index] = [0, 0xff, bytes[index] &+ 1, UInt8.random(in: 0...255, using: &random)]
                    .randomElement(using: &random)!
            }
            if Int.random(in: 0..<20, using: &random) == 0 { bytes.removeLast(bytes.count / 3) }
            Self.readAll(bytes)
        }
    }

    private static func readAll(_ bytes: [UInt8]) {
        guard let file = try? ParquetFile(MemoryByteSource(bytes), limits: limits, verifiesChecksums: false) else {
            return
        }
        for rowGroup in file.rowGroups.indices.prefix(3) {
            for leaf in file.schema.leaves {
                _ = try? file.bounds(leaf, rowGroup: rowGroup)
                _ = try? file.pageBounds(leaf, rowGroup: rowGroup)
                _ = try? file.bloomFilter(leaf, rowGroup: rowGroup)
                _ = try? file.readColumn(leaf, rowGroup: rowGroup, rows: [0..<1])
            }
            _ = try? RecordReader(file).rows(inRowGroup: rowGroup)
        }
    }
}

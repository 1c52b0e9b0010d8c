import Foundation
import TestDocuments
import Testing

@testable import Parquet

@Suite("Byte sources") struct SourceTests {
    @Test("files that are none, or no Parquet files, are errors")
    func rejects() {
        #expect(throws: ParquetError.self) { try FileByteSource(path: "/nowhere/at/all") }
        #expect(throws: ParquetError.self) { try FileByteSource(path: "/") }
        #expect(throws: ParquetError.self) { try MappedByteSource(path: "/nowhere/at/all") }
        #expect(throws: ParquetError.notParquet) { try ParquetFile(MemoryByteSource([])) }
        #expect(throws: ParquetError.notParquet) { try ParquetFile(MemoryByteSource(Array("PAR1PAR2PAR3".utf8))) }
        #expect(throws: ParquetError.encrypted) { try ParquetFile(MemoryByteSource(Array("PARE    PARE".utf8))) }
        let long = Array("PAR1".utf8) + [0xff, 0xff, 0xff, 0x7f] + Array("PAR1".utf8)
        #expect(throws: ParquetError.truncated(.footer, needed: 0x7fff_ffff, available: 0)) {
            try ParquetFile(MemoryByteSource(long))
        }
    }

    @Test("ranges that lie close together are read at once")
    func joined() {
        #expect(FileByteSource.joined([0..<10, 20..<30, 9000..<9001]) == [0..<30, 9000..<9001])
        #expect(FileByteSource.joined([]) == [])
    }

    @Test(
        "a file is the same by position, mapped and in memory",
        arguments: ReferenceFiles.readable.filter { $0.path.contains("items") || $0.path.contains("writers") })
    func sources(document: Document) throws {
        let path = document.file
        let memory = MemoryByteSource(try document.bytes())
        let ranges = [0..<4, 100..<200, memory.byteCount - 300..<memory.byteCount - 200]
        let expected = try memory.withBytes(in: ranges) { parts in parts.map { Array($0) } }
        let sources: [any ByteSource] = [try FileByteSource(path: path), try MappedByteSource(path: path)]
        for source in sources {
            #expect(source.byteCount == memory.byteCount)
            let parts = try source.withBytes(in: ranges) { parts in parts.map { Array($0) } }
            #expect(parts == expected)
            #expect(throws: ParquetError.self) {
                try source.withBytes(in: [source.byteCount - 1..<source.byteCount + 1]) { _ in }
            }
        }
    }
}

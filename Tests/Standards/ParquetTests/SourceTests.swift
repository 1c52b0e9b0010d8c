import Foundation
import SharedTestData
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
        .enabled(if: SharedData.isPresent, "skipped: ../shared/data is not there"))
    func sources() throws {
        let folder = try #require(SharedData.folder)
        let name = "geoparquet/rustac/100-sentinel-2-items.parquet"
        let path = folder.appending(path: name).path
        let memory = MemoryByteSource(try SharedData.bytes(name))
        let ranges = [0..<4, 100..<200, 300_000..<300_100]
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

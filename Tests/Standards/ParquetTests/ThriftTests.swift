import Testing

@testable import Parquet

@Suite("Thrift compact protocol") struct ThriftTests {
    static func read<Value: ThriftStructure>(_ bytes: [UInt8], as _: Value.Type = Value.self) throws -> Value {
        try bytes.withUnsafeBytes { try Value.read($0, .footer).value }
    }

    @Test("metadata is read as it was written", arguments: 0..<200)
    func roundTrip(seed: UInt64) throws {
        var random = MetadataGenerator(seed: seed)
        let metadata = random.file()
        var read: FileMetadata = try Self.read(metadata.thriftBytes)
        // Where a row group stood in the footer is nothing that it says.
        for group in read.rowGroups.indices { read.rowGroups[group].footerRange = nil }
        #expect(read == metadata)
        let head = try metadata.footer.withUnsafeBytes { try FileMetadata.Head(footer: $0) }
        #expect(head.rowCount == metadata.rowCount)
        #expect(head.keyValues == metadata.keyValues)
        let header = random.pageHeader()
        #expect(try Self.read(header.bytes) == header)
        let columnIndex = random.columnIndex()
        #expect(try Self.read(columnIndex.bytes) == columnIndex)
        let offsetIndex = random.offsetIndex()
        #expect(try Self.read(offsetIndex.bytes) == offsetIndex)
        let bloomFilter = BloomFilterHeader(byteCount: 1 << Int.random(in: 5...20, using: &random.numbers))
        #expect(try Self.read(bloomFilter.bytes) == bloomFilter)
    }

    @Test("metadata that is cut off is an error at every byte")
    func truncated() throws {
        var random = MetadataGenerator(seed: 7)
        let bytes = random.file().thriftBytes
        for count in 0..<bytes.count {
            #expect(throws: ParquetError.self) { try Self.read(Array(bytes.prefix(count)), as: FileMetadata.self) }
        }
    }

    @Test("the head is there as soon as the key-values are")
    func head() throws {
        let schema = FileSchema(children: [])
        let metadata = FileMetadata(
            schema: schema, rowCount: 5, keyValues: [KeyValue(key: "geo", value: "{}")], rowGroups: [])
        // The list of row groups, `created_by` and the stop are missing.
        let head = try metadata.footer.dropLast(4).withUnsafeBytes { try FileMetadata.Head(footer: $0) }
        #expect(head.value(forKey: "geo") == "{}")
    }

    @Test("unknown fields of every type are skipped")
    func skips() throws {
        var writer = ThriftCompactWriter()
        writer.writeStructure { writer in
            writer.field(1, "key")
            writer.field(20, true)
            writer.field(21, Int8(-3))
            writer.field(22, Int16(-300))
            writer.field(23, Int64.min)
            writer.field(24, 1.5)
            writer.field(25, [Int32.max, Int32.min])
            writer.field(26, Array(repeating: true, count: 20))
            writer.field(27, [KeyValue(key: "a", value: nil)])
            writer.structure(28) { writer in
                writer.structure(1) { writer in writer.field(100, [[1, 2], []] as [[UInt8]]) }
            }
            writer.field(2, "value")
        }
        #expect(try Self.read(writer.bytes) == KeyValue(key: "key", value: "value"))
        // A map of one string and one byte in field 3, an empty one in field 4.
        let maps: [UInt8] = [0x18, 1, 0x61, 0x2b, 1, 0x83, 1, 0x62, 7, 0x1b, 0, 0]
        #expect(try Self.read(maps) == KeyValue(key: "a", value: nil))
    }

    @Test("structures and lists that are nested without end are an error")
    func depth() {
        let structures = [UInt8](repeating: 0x3c, count: 100_000)
        #expect(throws: ParquetError.tooLarge(.footer, 33, limit: 32)) { try Self.read(structures, as: KeyValue.self) }
        let lists: [UInt8] = [0x39] + [UInt8](repeating: 0x19, count: 100_000)
        #expect(throws: ParquetError.tooLarge(.footer, 33, limit: 32)) { try Self.read(lists, as: KeyValue.self) }
    }

    @Test(
        "lengths and integers beyond the bytes are errors",
        arguments: [
            [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
            [0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x1e, 0x00], [0x08, 0xff, 0xff, 0xff, 0x0f],
        ] as [[UInt8]])
    func lies(bytes: [UInt8]) {
        #expect(throws: ParquetError.self) { try Self.read(bytes, as: KeyValue.self) }
    }
}

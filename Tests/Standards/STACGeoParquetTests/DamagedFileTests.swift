import JSON
import Parquet
import STACGeoParquet
import TestKit
import Testing

@Suite("Damaged files of Items") struct DamagedFileTests {
    private let file: [UInt8]

    init() throws {
        var random = RandomItem(seed: 5)
        file = try itemFile((0..<30).map { random.item($0).serialized() })
    }

    @Test("that are cut off are errors")
    func truncated() {
        for count in stride(from: 0, to: file.count, by: 61) {
            #expect(throws: (any Error).self) { try items(Array(file.prefix(count))) }
        }
    }

    @Test("of any kind give errors or Items, and no crash")
    func mutated() {
        var random = SeededGenerator(seed: 1)
        var errorCount = 0
        for _ in 0..<300 {
            var damaged = file
            // Most of them in the footer, where the meaning of all else is.
            let start = Bool.random(using: &random) ? file.count * 3 / 4 : 0
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: start..<file.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                _ = try read(damaged)
            } catch {
                errorCount += 1
            }
        }
        #expect(errorCount > 100)
    }

    @Test("without checksums and compression give errors or Items, and no crash")
    func mutatedValues() throws {
        var random = RandomItem(seed: 6)
        var settings = WriterSettings()
        settings.compression = .uncompressed
        let file = try itemFile((0..<30).map { random.item($0).serialized() }, settings: settings)
        var numbers = SeededGenerator(seed: 2)
        for _ in 0..<300 {
            var damaged = file
            for _ in 0..<Int.random(in: 1...30, using: &numbers) {
                damaged[Int.random(in: 4..<file.count * 3 / 4, using: &numbers)] = UInt8.random(
                    in: 0...255, using: &numbers)
            }
            _ = try? read(damaged)
        }
    }

    @Test("errors name the row and the column, and rows around are read")
    func badValues() throws {
        let schema = FileSchema(children: [
            column("id", .byteArray, .string), column("geometry", .byteArray), column("assets", .byteArray, .string),
            column("datetime", .int64, .timestamp(isAdjustedToUTC: true, unit: .milliseconds)),
        ])
        let builder = try RowGroupBuilder(schema: schema, settings: WriterSettings())
        let rows: [(String, String?, Int64)] = [
            ("a", "{}", 0), ("b", "{\"x\":", 0), ("c", "{\"x\": {\"href\": \"y\"}}", .max), ("d", nil, 1_500),
        ]
        for (id, assets, time) in rows {
            builder.leaves[0].append(id)
            if id == "d" { builder.leaves[1].append("\u{1}") } else { builder.leaves[1].appendNull(definitionLevel: 0) }
            if let assets { builder.leaves[2].append(assets) } else { builder.leaves[2].appendNull(definitionLevel: 0) }
            builder.leaves[3].append(time)
            builder.endRow()
        }
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: schema)
        try writer.append(builder.encode())
        try writer.finish(keyValues: [])
        let reader = try ItemFileReader(file: ParquetFile(MemoryByteSource(writer.sink.bytes)))
        var results: [String] = []
        while try reader.next({ _, item in
            switch item {
            case .success(let text): results.append(String(decoding: text, as: UTF8.self))
            case .failure(let error): results.append("\(error)")
            }
        }) {}
        #expect(
            results == [
                "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":null,\"properties\":{\"datetime\":\"1970-01-01T00:00:00Z\"},"
                    + "\"links\":[],\"assets\":{}}",
                "row 2: column assets: a value is not JSON",
                "row 3: column datetime: an instant is beyond the years 0 to 9999",
                "row 4: column geometry: a value is not a geometry in well-known binary",
            ])
    }

    @Test("rows too many for a limit are read in fewer at a time")
    func limits() throws {
        let texts = (0..<200).map { index in
            let title = String(repeating: "\(index) ", count: 300)
            return Array("{\"id\":\"\(index)\",\"properties\":{\"title\":\"\(title)\"}}".utf8)
        }
        var settings = WriterSettings()
        settings.column.usesDictionary = false
        (settings.pageRowCount, settings.pageByteCount) = (5, 1)
        var limits = ReaderLimits()
        limits.readByteCount = 20_000
        let file = try ParquetFile(MemoryByteSource(itemFile(texts, settings: settings)), limits: limits)
        #expect(throws: ParquetError.self) {
            try file.readColumn(#require(file.schema.leaf(at: ["title"])), rowGroup: 0)
        }
        #expect(try ItemFileReader(file: file).items(inRowGroup: 0).count == 200)
        #expect(try ItemFileReader(file: file).items(inRowGroup: 0, rows: 7..<9).count == 2)
        #expect(throws: ParquetError.self) { try ItemFileReader(file: file).items(inRowGroup: 1) }
    }

    private func column(_ name: String, _ type: PhysicalType, _ logicalType: LogicalType? = nil) -> SchemaNode {
        SchemaNode(name: name, repetition: .optional, kind: .primitive(type, typeLength: nil), logicalType: logicalType)
    }

    /// Rows that gave Items, each of which is JSON.
    private func read(_ file: [UInt8]) throws -> Int {
        var limits = ReaderLimits()
        limits.readByteCount = 1 << 24
        limits.readValueCount = 1 << 20
        limits.pageValueCount = 1 << 20
        limits.pageByteCount = 1 << 24
        let source = try ParquetFile(MemoryByteSource(file), limits: limits, verifiesChecksums: false)
        let reader = try ItemFileReader(file: source)
        var count = 0
        while try reader.next({ _, item in
            guard case .success(let text) = item else { return }
            #expect(throws: Never.self) { try JSONReader().read(text) { _ in } }
            count += 1
        }) {
            if count > 1_000 { break }
        }
        return count
    }
}

import Compression
import Foundation
import ItemInput
import JSON
import Parquet
import STACGeoParquet
import TestKit
import Testing

@Suite("Items in GeoParquet files") struct ItemTableTests {
    private func item(_ id: String) -> [UInt8] {
        Array("{\"type\":\"Feature\",\"id\":\"\(id)\",\"geometry\":null,\"properties\":{\"datetime\":null}}".utf8)
    }

    private func table(_ items: [[UInt8]]) throws -> [UInt8] {
        let reader = JSONReader()
        let shape = ItemShape()
        for item in items { try reader.read(item) { shape.add($0) } }
        let schema = ItemSchema(shape)
        let builder = try ItemRowBuilder(schema: schema, settings: WriterSettings())
        var file = try ParquetFileWriter(sink: MemoryByteSink(), schema: schema.fileSchema)
        for item in items { try reader.read(item) { try builder.append($0) } }
        try file.append(builder.encode())
        try file.finish(keyValues: [KeyValue(key: ColumnMetadata.key, value: ColumnMetadata(schema).jsonValue.jsonText)]
        )
        return file.sink.bytes
    }

    @Test("are read beside other files, told by their content, and counted by rows")
    func folder() throws {
        let files = [
            "a.parquet": try table((0..<10).map { item("a\($0)") }), "b.ndjson": item("b"),
            "c.json": try table([item("c")]), "d.bin": try table([item("no")]),
        ]
        try withTemporaryDirectory(holding: files) { directory in
            let folder = directory.path
            let reader = try ItemInput(paths: [folder]).makeReader()
            var locations: [String] = []
            var sizes: [Int] = []
            while let batch = try reader.nextBatch(maximumItems: 4) {
                sizes.append(batch.items.count)
                locations += batch.items.map { batch.location(of: $0) }
                for item in batch.items { _ = try batch.withText(of: item) { try JSONReader().read($0) { _ in } } }
            }
            #expect(sizes == [4, 4, 4])
            #expect(
                locations == (1...10).map { "\(folder)/a.parquet:\($0)" } + [
                    "\(folder)/b.ndjson:1", "\(folder)/c.json:1",
                ])
            #expect(reader.progress.consumed == reader.progress.total)
            let named = try ItemInput(paths: [folder + "/d.bin"]).makeReader()
            #expect(try named.nextBatch()?.items.count == 1)
        }
    }

    @Test("that are damaged, packed or no Items are errors, and the next file is read")
    func faults() throws {
        let sound = try table([item("a")])
        let files = [
            "1.parquet": Array(sound.dropLast(9)), "2.parquet": try gzip(sound), "3.parquet": Array("PAR1".utf8),
            "4.parquet": Array("PAR1".utf8) + sound.dropFirst(4).prefix(40) + Array(repeating: 0, count: 20)
                + sound.dropFirst(64),
            "5.parquet": sound,
        ]
        try withTemporaryDirectory(holding: files) { directory in
            let folder = directory.path
            let (items, faults) = contents(of: try ItemInput(paths: [folder]).makeReader())
            #expect(items.count == 1)
            #expect(faults.count == 4)
            for (number, fault) in zip(1..., faults) {
                #expect(fault.hasPrefix("\(folder)/\(number).parquet: "), "\(fault)")
            }
            #expect(faults.first?.contains("begins like a Parquet file and does not end like one") == true)
        }
    }

    @Test("cannot come from standard input")
    func standardInput() throws {
        let bytes = try table([item("a")])
        let (items, faults) = contents(
            of: try ItemInput(paths: ["-"]).makeReader(standardInput: PieceStream(bytes, pieceSize: 3)))
        #expect(items.isEmpty)
        #expect(faults.count == 1)
        #expect(faults[0].contains("a Parquet file, which can only be read from its end: give its path"), "\(faults)")
    }
}

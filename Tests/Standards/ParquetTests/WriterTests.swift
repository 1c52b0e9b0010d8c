import TestKit
import Testing

@testable import Parquet

/// Written values read back the same, with all settings.
struct WriterTests {
    private static let schema = FileSchema(children: [
        SchemaNode(name: "narrow", repetition: .optional, kind: .primitive(.int32, typeLength: nil)),
        SchemaNode(name: "wide", repetition: .required, kind: .primitive(.int64, typeLength: nil)),
        SchemaNode(name: "double", repetition: .optional, kind: .primitive(.double, typeLength: nil)),
        SchemaNode(name: "float", repetition: .optional, kind: .primitive(.float, typeLength: nil)),
        SchemaNode(name: "flag", repetition: .optional, kind: .primitive(.boolean, typeLength: nil)),
        SchemaNode(
            name: "text", repetition: .optional, kind: .primitive(.byteArray, typeLength: nil), logicalType: .string),
        SchemaNode(name: "fixed", repetition: .optional, kind: .primitive(.fixedLengthByteArray, typeLength: 3)),
        SchemaNode(
            name: "numbers", repetition: .optional,
            kind: .group([
                SchemaNode(
                    name: "list", repetition: .repeated,
                    kind: .group([
                        SchemaNode(name: "element", repetition: .optional, kind: .primitive(.double, typeLength: nil))
                    ]))
            ]), logicalType: .list),
    ])

    private struct Row: Equatable {
        var narrow: Int32?
        var wide: Int64
        var double: Double?
        var float: Float?
        var flag: Bool?
        var text: String?
        var fixed: [UInt8]?
        var numbers: [Double?]?

        init(_ random: inout SeededGenerator, distinct: Int) {
            func maybe<Value>(_ random: inout SeededGenerator, _ value: (inout SeededGenerator) -> Value) -> Value? {
                random.next(below: 5) == 0 ? nil : value(&random)
            }
            narrow = maybe(&random) { $0.next(below: 4) == 0 ? .min : Int32($0.next(below: distinct)) }
            wide = random.next(below: 4) == 0 ? .max : Int64(random.next(below: distinct)) - 50
            double = maybe(&random) { Double($0.next(below: distinct)) / 8 - 3 }
            float = maybe(&random) { Float($0.next(below: distinct)) / 4 }
            flag = maybe(&random) { $0.next(below: 2) == 0 }
            text = maybe(&random) {
                String(repeating: "é", count: $0.next(below: 50)) + String($0.next(below: distinct))
            }
            fixed = maybe(&random) { [UInt8($0.next(below: 256)), UInt8(distinct % 256), 255] }
            numbers = maybe(&random) { random in
                (0..<random.next(below: 4)).map { _ in maybe(&random) { Double($0.next(below: distinct)) } }
            }
        }

        func append(to builder: RowGroupBuilder) {
            func put<Value>(_ leaf: Int, _ value: Value?, _ append: (LeafBuffer, Value) -> Void) {
                let leaf = builder.leaves[leaf]
                if let value { append(leaf, value) } else { leaf.appendNull(definitionLevel: 0) }
            }
            put(0, narrow) { $0.append($1) }
            put(1, wide) { $0.append($1) }
            put(2, double) { $0.append($1) }
            put(3, float) { $0.append($1) }
            put(4, flag) { $0.append($1) }
            put(5, text) { $0.append($1) }
            put(6, fixed) { leaf, bytes in bytes.withUnsafeBytes { leaf.append($0) } }
            let leaf = builder.leaves[7]
            guard let numbers, !numbers.isEmpty else {
                leaf.appendNull(definitionLevel: numbers == nil ? 0 : 1)
                return builder.endRow()
            }
            for (offset, number) in numbers.enumerated() {
                let level = offset == 0 ? 0 : 1
                if let number {
                    leaf.append(number, repetitionLevel: level)
                } else {
                    leaf.appendNull(definitionLevel: 2, repetitionLevel: level)
                }
            }
            builder.endRow()
        }

        var value: ParquetValue {
            func optional<Value>(_ value: Value?, _ wrap: (Value) -> ParquetValue) -> ParquetValue {
                value.map(wrap) ?? .null
            }
            return .structure([
                .init(name: "narrow", value: optional(narrow) { .integer(Int64($0)) }),
                .init(name: "wide", value: .integer(wide)),
                .init(name: "double", value: optional(double) { .double($0) }),
                .init(name: "float", value: optional(float) { .double(Double($0)) }),
                .init(name: "flag", value: optional(flag) { .boolean($0) }),
                .init(name: "text", value: optional(text) { .string($0) }),
                .init(name: "fixed", value: optional(fixed) { .bytes($0) }),
                .init(
                    name: "numbers",
                    value: optional(numbers) { .list($0.map { number in optional(number) { .double($0) } }) }),
            ])
        }
    }

    private static func settings(_ random: inout SeededGenerator) -> WriterSettings {
        var settings = WriterSettings()
        settings.compression =
            [.uncompressed, .zstd(level: 1), .snappy, .gzip(level: 1), .lz4][random.next(below: 5)]
        settings.pageRowCount = 1 + random.next(below: 200)
        settings.pageByteCount = 1 + random.next(below: 2_000)
        settings.writesDataPagesV2 = random.next(below: 2) == 0
        settings.statisticsByteLimit = 1 + random.next(below: 70)
        settings.column.usesDictionary = random.next(below: 2) == 0
        settings.column.dictionaryByteLimit = 1 << random.next(below: 16)
        settings.column.usesPrefixes = random.next(below: 2) == 0
        settings.column.splitsBytes = random.next(below: 2) == 0
        settings.column.usesDifferences = random.next(below: 2) == 0
        settings.column.hasBloomFilter = random.next(below: 2) == 0
        return settings
    }

    @Test(arguments: 0..<60)
    func rowsComeBack(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let settings = Self.settings(&random)
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: Self.schema, settings: settings)
        let builder = try RowGroupBuilder(schema: Self.schema, settings: settings)
        var groups: [[Row]] = []
        for _ in 0..<random.next(below: 4) {
            let distinct = 1 << random.next(below: 20)
            let rows = (0..<random.next(below: 1_200)).map { _ in Row(&random, distinct: distinct) }
            for row in rows { row.append(to: builder) }
            try writer.append(builder.encode())
            groups.append(rows)
        }
        try writer.finish(keyValues: [KeyValue(key: "key", value: "value")])
        let file = try ParquetFile(MemoryByteSource(writer.sink.bytes))
        #expect(file.metadata.keyValues == [KeyValue(key: "key", value: "value")])
        #expect(file.rowGroups.map(\.rowCount) == groups.map(\.count))
        let reader = RecordReader(file)
        for (group, rows) in groups.enumerated() {
            #expect(try reader.rows(inRowGroup: group) == rows.map(\.value))
            guard rows.count > 10 else { continue }
            let start = random.next(below: rows.count - 5)
            let range = start..<start + 1 + random.next(below: 5)
            #expect(try reader.rows(inRowGroup: group, [range]) == rows[range].map(\.value))
            try Self.checkBounds(file, group, rows)
        }
    }

    /// Bounds are true of the texts, and filters know all of them.
    private static func checkBounds(_ file: ParquetFile, _ group: Int, _ rows: [Row]) throws {
        let leaf = file.schema.leaves[5]
        let texts = rows.compactMap { $0.text.map { Array($0.utf8) } }
        let statistics = try #require(file.rowGroups[group].columns[5].statistics)
        #expect(statistics.nullCount == rows.count - texts.count)
        for text in texts {
            if let minimum = statistics.minimum { #expect(!text.lexicographicallyPrecedes(minimum)) }
            if let maximum = statistics.maximum { #expect(!maximum.lexicographicallyPrecedes(text)) }
        }
        let index = try #require(try file.columnIndex(leaf, rowGroup: group))
        let locations = try #require(try file.offsetIndex(leaf, rowGroup: group)).pageLocations
        for (page, location) in locations.enumerated() {
            let end = page + 1 < locations.count ? locations[page + 1].firstRow : rows.count
            for case let text? in rows[location.firstRow..<end].map(\.text) {
                #expect(!index.nullPages[page])
                #expect(!Array(text.utf8).lexicographicallyPrecedes(index.minima[page]))
                #expect(!index.maxima[page].lexicographicallyPrecedes(Array(text.utf8)))
            }
        }
        if let filter = try file.bloomFilter(leaf, rowGroup: group) {
            for text in texts { #expect(text.withUnsafeBytes { filter.mayContain($0) }) }
        }
    }

    @Test func numbersThatDoNotCompareHaveNoBounds() throws {
        let schema = FileSchema(children: [
            SchemaNode(name: "x", repetition: .required, kind: .primitive(.double, typeLength: nil))
        ])
        let builder = try RowGroupBuilder(schema: schema, settings: WriterSettings())
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: schema)
        for values in [[Double.nan, .nan], [.nan, 0, 1], [-0.0, 0.0], [-.infinity, .infinity]] {
            for value in values {
                builder.leaves[0].append(value)
                builder.endRow()
            }
            try writer.append(builder.encode())
        }
        try writer.finish()
        let file = try ParquetFile(MemoryByteSource(writer.sink.bytes))
        func bounds(_ group: Int) -> [Double]? {
            let statistics = file.rowGroups[group].columns[0].statistics
            guard let minimum = statistics?.minimum, let maximum = statistics?.maximum else { return nil }
            return [minimum, maximum].map { bytes in
                bytes.withUnsafeBytes { Double(bitPattern: UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) }
            }
        }
        #expect(bounds(0) == nil)
        #expect(bounds(1) == [0, 1])
        // Readers may take bounds by the bits: all zeros must be within.
        #expect(bounds(1)?[0].sign == .minus)
        #expect(bounds(2)?.map(\.sign) == [.minus, .plus])
        #expect(bounds(3) == [-.infinity, .infinity])
    }

    @Test func aRowGroupOfAnotherSchemaIsRefused() throws {
        let other = FileSchema(children: [
            SchemaNode(name: "x", repetition: .required, kind: .primitive(.double, typeLength: nil))
        ])
        let builder = try RowGroupBuilder(schema: other, settings: WriterSettings())
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: Self.schema)
        #expect(throws: ParquetError.self) { try writer.append(builder.encode()) }
    }

    @Test func whatHasNotBeenFinishedIsNoFile() throws {
        let builder = try RowGroupBuilder(schema: Self.schema, settings: WriterSettings())
        var random = SeededGenerator(seed: 1)
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: Self.schema)
        for _ in 0..<100 { Row(&random, distinct: 10).append(to: builder) }
        try writer.append(builder.encode())
        #expect(throws: ParquetError.notParquet) { try ParquetFile(MemoryByteSource(writer.sink.bytes)) }
    }
}

extension SeededGenerator {
    /// `nil` half of the time.
    mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? {
        Bool.random(using: &self) ? make(&self) : nil
    }

    fileprivate mutating func next(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}

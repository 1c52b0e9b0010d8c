import TestKit

@testable import Parquet

/// Makes metadata of every kind at random.
struct MetadataGenerator {
    var numbers: SeededGenerator

    init(seed: UInt64) {
        numbers = SeededGenerator(seed: seed)
    }

    mutating func int(_ limit: Int = 1 << 40) -> Int {
        Int.random(in: 0...limit, using: &numbers) >> Int.random(in: 0...30, using: &numbers)
    }

    mutating func list<Element>(_ limit: Int, _ make: (inout Self) -> Element) -> [Element] {
        (0..<Int.random(in: 0...limit, using: &numbers)).map { _ in make(&self) }
    }

    mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? {
        Bool.random(using: &numbers) ? make(&self) : nil
    }

    mutating func bool() -> Bool { Bool.random(using: &numbers) }
    mutating func text() -> String { String(list(20) { $0.one(of: Array("abcäö🛰")) }) }
    mutating func one<Value>(of values: [Value]) -> Value { values.randomElement(using: &numbers)! }

    mutating func file() -> FileMetadata {
        let schema = schema()
        return FileMetadata(
            version: one(of: [1, 2]), schema: schema, rowCount: int(),
            keyValues: list(3) { random in KeyValue(key: random.text(), value: random.maybe { $0.text() }) },
            rowGroups: list(4) { $0.rowGroup(schema) }, createdBy: maybe { $0.text() },
            columnOrders: maybe { random in
                schema.leaves.map { _ in random.one(of: [.typeDefined, .ieee754TotalOrder, .unknown]) }
            })
    }

    mutating func schema() -> FileSchema { FileSchema(name: text(), children: list(5) { $0.node(depth: 0) }) }

    private mutating func node(depth: Int) -> SchemaNode {
        let logicalType = one(of: Self.logicalTypes)
        let isGroup = depth < 4 && bool()
        let physicalType = one(of: PhysicalType.allCases)
        let kind: SchemaNode.Kind =
            isGroup
            ? .group(list(3) { $0.node(depth: depth + 1) })
            : .primitive(physicalType, typeLength: physicalType == .fixedLengthByteArray ? int(1000) : nil)
        return SchemaNode(
            name: text(), repetition: one(of: Repetition.allCases), kind: kind, logicalType: logicalType,
            fieldID: maybe { Int32($0.int(1 << 20)) },
            // As it is written when there is none, so that what is read is equal.
            convertedType: logicalType.flatMap { ConvertedType($0) }?.rawValue)
    }

    static let logicalTypes: [LogicalType?] = [
        nil, .string, .map, .list, .enumeration, .decimal(precision: 38, scale: 9), .date, .unknown, .json, .bson,
        .uuid,
        .float16, .time(isAdjustedToUTC: true, unit: .milliseconds), .time(isAdjustedToUTC: false, unit: .nanoseconds),
        .timestamp(isAdjustedToUTC: true, unit: .microseconds), .timestamp(isAdjustedToUTC: false, unit: .nanoseconds),
        .integer(bitWidth: 8, isSigned: false), .integer(bitWidth: 64, isSigned: true),
        .variant(specificationVersion: 1), .variant(specificationVersion: nil), .geometry(crs: nil),
        .geometry(crs: "EPSG:32632"), .geography(crs: "OGC:CRS84", algorithm: .karney),
        .geography(crs: nil, algorithm: nil), .unrecognized(99),
    ]

    private mutating func rowGroup(_ schema: FileSchema) -> RowGroupMetadata {
        RowGroupMetadata(
            columns: schema.leaves.map { column($0) }, totalByteCount: int(), rowCount: int(),
            sortingColumns: maybe { random in
                random.list(2) { random in
                    SortingColumn(
                        columnIndex: random.int(1000), isDescending: random.bool(), areNullsFirst: random.bool())
                }
            },
            fileOffset: maybe { $0.int() }, totalCompressedByteCount: maybe { $0.int() },
            ordinal: maybe { $0.int(32767) })
    }

    private mutating func column(_ leaf: SchemaLeaf) -> ColumnChunkMetadata {
        var chunk = ColumnChunkMetadata(
            physicalType: leaf.physicalType, encodings: list(20) { $0.one(of: Encoding.allCases) }, path: leaf.path,
            codec: one(of: CompressionCodec.allCases), valueCount: int(), totalUncompressedByteCount: int(),
            totalCompressedByteCount: int(), dataPageOffset: int(), dictionaryPageOffset: maybe { $0.int() },
            statistics: maybe { $0.statistics() })
        chunk.encodingStatistics = maybe { random in
            random.list(3) { random in
                PageEncodingStatistics(
                    pageType: random.one(of: PageType.allCases), encoding: random.one(of: Encoding.allCases),
                    count: random.int(1000))
            }
        }
        chunk.bloomFilterOffset = maybe { $0.int() }
        chunk.bloomFilterByteCount = maybe { $0.int(1 << 27) }
        chunk.offsetIndexOffset = maybe { $0.int() }
        chunk.offsetIndexByteCount = maybe { $0.int(1 << 27) }
        chunk.columnIndexOffset = maybe { $0.int() }
        chunk.columnIndexByteCount = maybe { $0.int(1 << 27) }
        chunk.filePath = maybe { $0.text() }
        chunk.geospatialStatistics = maybe { random in
            var box = GeospatialStatistics.BoundingBox(xMinimum: 170, xMaximum: -170, yMinimum: -1, yMaximum: 2.5)
            box.zMaximum = random.maybe { _ in 8848 }
            return GeospatialStatistics(boundingBox: box, geometryTypes: random.list(3) { Int32($0.int(3007)) })
        }
        return chunk
    }

    mutating func statistics() -> ColumnStatistics {
        var statistics = ColumnStatistics(
            minimum: maybe { $0.numbers.bytes(5) }, maximum: maybe { $0.numbers.bytes(40) },
            isMinimumExact: maybe { $0.bool() }, isMaximumExact: maybe { $0.bool() }, nullCount: maybe { $0.int() },
            distinctCount: maybe { $0.int() }, nanCount: maybe { $0.int() })
        if statistics.minimum == nil, statistics.maximum == nil { statistics.legacyMinimum = [1, 2] }
        return statistics
    }

    mutating func pageHeader() -> PageHeader {
        let encoding = one(of: Encoding.allCases)
        let kind: PageHeader.Kind = one(of: [
            .data(DataPageHeader(valueCount: int(1 << 30), encoding: encoding, statistics: maybe { $0.statistics() })),
            .dataV2(
                DataPageHeaderV2(
                    valueCount: int(1 << 30), nullCount: int(100), rowCount: int(100), encoding: encoding,
                    definitionLevelsByteCount: int(100), repetitionLevelsByteCount: int(100), isCompressed: bool())),
            .dictionary(DictionaryPageHeader(valueCount: int(1 << 30), isSorted: maybe { $0.bool() })), .index,
        ])
        return PageHeader(
            kind: kind, uncompressedByteCount: int(1 << 30), compressedByteCount: int(1 << 30),
            checksum: maybe { UInt32.random(in: 0...UInt32.max, using: &$0.numbers) })
    }

    mutating func columnIndex() -> ColumnIndex {
        let count = int(300)
        return ColumnIndex(
            nullPages: (0..<count).map { _ in bool() }, minima: (0..<count).map { _ in numbers.bytes(8) },
            maxima: (0..<count).map { _ in numbers.bytes(3) },
            boundaryOrder: one(of: ColumnIndex.BoundaryOrder.allCases),
            nullCounts: maybe { random in (0..<count).map { _ in Int64(random.int()) } },
            nanCounts: maybe { random in (0..<count).map { _ in Int64(random.int()) } })
    }

    mutating func offsetIndex() -> OffsetIndex {
        OffsetIndex(
            pageLocations: list(50) { random in
                OffsetIndex.PageLocation(
                    offset: random.int(), byteCount: random.int(1 << 30), firstRow: random.int())
            })
    }
}

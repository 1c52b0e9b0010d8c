extension PageHeader: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var type: PageType?
        var uncompressedByteCount: Int?
        var compressedByteCount: Int?
        var checksum: UInt32?
        var data: DataPageHeader?
        var dataV2: DataPageHeaderV2?
        var dictionary: DictionaryPageHeader?
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: type = try PageType(reader: &reader, field)
            case 2: uncompressedByteCount = try reader.count(field)
            case 3: compressedByteCount = try reader.count(field)
            case 4: checksum = UInt32(bitPattern: try reader.int32(field))
            case 5: data = try reader.structure(field)
            case 7: dictionary = try reader.structure(field)
            case 8: dataV2 = try reader.structure(field)
            default: try reader.skip(field)
            }
        }
        guard let uncompressedByteCount, let compressedByteCount else { throw .missingField(.pageHeader, "size") }
        let kind: Kind? =
            switch type {
            case .data: data.map { .data($0) }
            case .dataV2: dataV2.map { .dataV2($0) }
            case .dictionary: dictionary.map { .dictionary($0) }
            case .index: .index
            case nil: nil
            }
        guard let kind else { throw .missingField(.pageHeader, "header of its type") }
        self.init(
            kind: kind, uncompressedByteCount: uncompressedByteCount, compressedByteCount: compressedByteCount,
            checksum: checksum)
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        let type: PageType =
            switch kind {
            case .data: .data
            case .dataV2: .dataV2
            case .dictionary: .dictionary
            case .index: .index
            }
        writer.field(1, type.rawValue)
        writer.field(2, Int32(clamping: uncompressedByteCount))
        writer.field(3, Int32(clamping: compressedByteCount))
        writer.field(4, checksum.map { Int32(bitPattern: $0) })
        switch kind {
        case .data(let header): writer.field(5, header)
        case .index: writer.structure(6)
        case .dictionary(let header): writer.field(7, header)
        case .dataV2(let header): writer.field(8, header)
        }
    }
}

extension ThriftCompactReader {
    /// A number that cannot be negative.
    fileprivate mutating func count(_ field: ThriftField) throws(ParquetError) -> Int {
        let value = try int32(field)
        guard value >= 0 else { throw .malformed(part, "count \(value) in field \(field.id)") }
        return Int(value)
    }
}

extension DataPageHeader: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var valueCount: Int?
        var encoding: Encoding?
        var definitionLevelEncoding = Encoding.rle
        var repetitionLevelEncoding = Encoding.rle
        var statistics: ColumnStatistics?
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: valueCount = try reader.count(field)
            case 2: encoding = try Encoding(reader: &reader, field)
            case 3: definitionLevelEncoding = try Encoding(reader: &reader, field)
            case 4: repetitionLevelEncoding = try Encoding(reader: &reader, field)
            case 5: statistics = try reader.structure(field)
            default: try reader.skip(field)
            }
        }
        guard let valueCount else { throw .missingField(.pageHeader, "value count") }
        guard let encoding else { throw .missingField(.pageHeader, "encoding") }
        self.init(
            valueCount: valueCount, encoding: encoding, definitionLevelEncoding: definitionLevelEncoding,
            repetitionLevelEncoding: repetitionLevelEncoding, statistics: statistics)
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, Int32(clamping: valueCount))
        writer.field(2, encoding.rawValue)
        writer.field(3, definitionLevelEncoding.rawValue)
        writer.field(4, repetitionLevelEncoding.rawValue)
        writer.field(5, statistics)
    }
}

extension DataPageHeaderV2: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init(
            valueCount: 0, nullCount: 0, rowCount: 0, encoding: .plain, definitionLevelsByteCount: 0,
            repetitionLevelsByteCount: 0)
        var found = 0
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            if (1...6).contains(field.id) { found |= 1 << Int(field.id) }
            switch field.id {
            case 1: valueCount = try reader.count(field)
            case 2: nullCount = try reader.count(field)
            case 3: rowCount = try reader.count(field)
            case 4: encoding = try Encoding(reader: &reader, field)
            case 5: definitionLevelsByteCount = try reader.count(field)
            case 6: repetitionLevelsByteCount = try reader.count(field)
            case 7: isCompressed = try reader.bool(field)
            case 8: statistics = try reader.structure(field)
            default: try reader.skip(field)
            }
        }
        guard found == 0b111_1110 else { throw .missingField(.pageHeader, "count, encoding or size of levels") }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, Int32(clamping: valueCount))
        writer.field(2, Int32(clamping: nullCount))
        writer.field(3, Int32(clamping: rowCount))
        writer.field(4, encoding.rawValue)
        writer.field(5, Int32(clamping: definitionLevelsByteCount))
        writer.field(6, Int32(clamping: repetitionLevelsByteCount))
        writer.field(7, isCompressed)
        writer.field(8, statistics)
    }
}

extension DictionaryPageHeader: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var valueCount: Int?
        var encoding: Encoding?
        var isSorted: Bool?
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: valueCount = try reader.count(field)
            case 2: encoding = try Encoding(reader: &reader, field)
            case 3: isSorted = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        guard let valueCount else { throw .missingField(.pageHeader, "value count") }
        guard let encoding else { throw .missingField(.pageHeader, "encoding") }
        self.init(valueCount: valueCount, encoding: encoding, isSorted: isSorted)
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, Int32(clamping: valueCount))
        writer.field(2, encoding.rawValue)
        writer.field(3, isSorted)
    }
}

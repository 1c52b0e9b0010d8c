/// Decodes the pages of one column chunk, in their order.
struct ColumnChunkReader {
    private let leaf: SchemaLeaf
    private let codec: CompressionCodec
    private let limits: ReaderLimits
    private let decompressor: PageDecompressor
    private let decoder: any ValueDecoder
    private var definitionLevels: Levels
    private var repetitionLevels: Levels
    private var hasDictionary = false
    private(set) var levelCount = 0
    private(set) var rowCount = 0

    private static var reservedCount: Int { 1 << 20 }

    /// - Parameter expectedCount: Number of values and nulls to come, as the metadata have it.
    init(
        _ leaf: SchemaLeaf, _ codec: CompressionCodec, _ limits: ReaderLimits, _ decompressor: PageDecompressor,
        keepsDictionary: Bool, expectedCount: Int
    ) throws(ParquetError) {
        self.leaf = leaf
        self.codec = codec
        self.limits = limits
        self.decompressor = decompressor
        decoder = try leaf.makeValueDecoder(limits, keepsDictionary: keepsDictionary)
        definitionLevels = Levels(maximum: leaf.maxDefinitionLevel)
        repetitionLevels = Levels(maximum: leaf.maxRepetitionLevel)
        // The metadata may lie: not much is lost by a million.
        let count = min(max(expectedCount, 0), Self.reservedCount)
        decoder.reserve(count)
        definitionLevels.reserve(count)
        repetitionLevels.reserve(count)
    }

    func finish() -> ColumnValues {
        ColumnValues(
            values: decoder.finish(), definitionLevels: leaf.maxDefinitionLevel > 0 ? definitionLevels.values : nil,
            repetitionLevels: leaf.maxRepetitionLevel > 0 ? repetitionLevels.values : nil, rowCount: rowCount)
    }

    /// Decodes a page of any kind; `content` is as it is in the file.
    mutating func take(_ header: PageHeader, _ content: UnsafeRawBufferPointer) throws(ParquetError) {
        switch header.kind {
        case .index: return
        case .dictionary(let dictionary):
            try check(dictionary.valueCount)
            guard !hasDictionary else { throw .malformed(.dictionary, "a second one in the column chunk") }
            guard dictionary.encoding == .plain || dictionary.encoding == .plainDictionary else {
                throw .unsupported(.dictionary, "\(dictionary.encoding)")
            }
            hasDictionary = true
            try unpacked(content, header.uncompressedByteCount) { (bytes) throws(ParquetError) in
                try decoder.setDictionary(bytes, count: dictionary.valueCount)
            }
        case .data(let data):
            try check(data.valueCount)
            try unpacked(content, header.uncompressedByteCount) { (bytes) throws(ParquetError) in
                var input = EncodedBytes(bytes, .levels)
                try repetitionLevels.append(from: &input, count: data.valueCount, data.repetitionLevelEncoding)
                try definitionLevels.append(from: &input, count: data.valueCount, data.definitionLevelEncoding)
                try takeValues(input.rest, count: data.valueCount, data.encoding)
            }
        case .dataV2(let data):
            try check(data.valueCount)
            try takeV2(header, data, content)
        }
    }

    private mutating func takeV2(
        _ header: PageHeader, _ data: DataPageHeaderV2, _ content: UnsafeRawBufferPointer
    ) throws(ParquetError) {
        var input = EncodedBytes(content, .levels)
        try repetitionLevels.append(try input.take(data.repetitionLevelsByteCount), count: data.valueCount)
        try definitionLevels.append(try input.take(data.definitionLevelsByteCount), count: data.valueCount)
        let levelsByteCount = data.repetitionLevelsByteCount + data.definitionLevelsByteCount
        let size = header.uncompressedByteCount - levelsByteCount
        guard size >= 0 else {
            throw .truncated(.page, needed: levelsByteCount, available: header.uncompressedByteCount)
        }
        guard data.isCompressed, !input.rest.isEmpty else {
            return try takeValues(input.rest, count: data.valueCount, data.encoding)
        }
        try unpacked(input.rest, size) { (bytes) throws(ParquetError) in
            try takeValues(bytes, count: data.valueCount, data.encoding)
        }
    }

    /// Takes the values of a page whose levels have been taken.
    private mutating func takeValues(
        _ bytes: UnsafeRawBufferPointer, count: Int, _ encoding: Encoding
    ) throws(ParquetError) {
        var valueCount = count
        if leaf.maxDefinitionLevel > 0 {
            valueCount = definitionLevels.occurrences(of: leaf.maxDefinitionLevel, last: count)
        }
        if leaf.maxRepetitionLevel > 0 {
            if levelCount == 0, count > 0, repetitionLevels.values.first != 0 {
                throw .malformed(.levels, "the first value is not the first of a row")
            }
            rowCount += repetitionLevels.occurrences(of: 0, last: count)
        } else {
            rowCount += count
        }
        levelCount += count
        if valueCount > 0 { try decoder.append(bytes, count: valueCount, encoding) }
    }

    private func check(_ valueCount: Int) throws(ParquetError) {
        guard valueCount <= limits.pageValueCount else {
            throw .tooLarge(.page, valueCount, limit: limits.pageValueCount)
        }
        guard valueCount <= limits.readValueCount - levelCount else {
            throw .tooLarge(.columnChunk, levelCount + valueCount, limit: limits.readValueCount)
        }
    }

    private func unpacked(
        _ content: UnsafeRawBufferPointer, _ size: Int, _ body: (UnsafeRawBufferPointer) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        // Some writers state a wrong size here; it is not needed.
        guard codec != .uncompressed else { return try body(content) }
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { output.deallocate() }
        try decompressor.decompress(content, codec, into: output)
        try body(UnsafeRawBufferPointer(output))
    }
}

/// One column's part of a row group, ready to be written at any offset of a file.
struct EncodedColumnChunk {
    var bytes: [UInt8] = []
    /// Offsets count from the chunk's first byte.
    var metadata: ColumnChunkMetadata
    var offsetIndex: OffsetIndex
    /// `nil` when the column has no bounds, or a page of it has none.
    var columnIndex: ColumnIndex?
    var bloomFilter: BloomFilter?
}

/// Encodes the collected values of a column into pages.
///
/// Source: [Parquet file format, data pages](https://parquet.apache.org/docs/file-format/data-pages/).
struct ColumnChunkEncoder {
    let settings: WriterSettings
    let compressor: PageCompressor

    /// A chunk of fewer bytes is not worth a codec's own headers.
    private static let leastCompressedByteCount = 160

    private struct Body {
        var range: Range<Int>
        /// Only of the second version of data pages, whose levels stay uncompressed.
        var levels: (repetition: Int, definition: Int)
    }

    func encode(_ column: LeafBuffer) throws(ParquetError) -> EncodedColumnChunk {
        column.giveUpPoorDictionary()
        let buffer = column.content
        let pages = buffer.pages(settings)
        var raw: [UInt8] = []
        let hasDictionary = buffer.hasDictionary
        if hasDictionary { buffer.appendDictionary(to: &raw) }
        let dictionary = 0..<raw.count
        var bodies: [Body] = []
        for page in pages {
            let start = raw.count
            let levels = buffer.appendLevels(page, isPrefixed: !settings.writesDataPagesV2, to: &raw)
            buffer.appendValues(page.values, to: &raw)
            bodies.append(Body(range: start..<raw.count, levels: levels))
        }

        var chunk = Chunk(self, buffer)
        if raw.count >= Self.leastCompressedByteCount, compressor.codec != .uncompressed {
            try chunk.write(raw, hasDictionary ? dictionary : nil, bodies, pages, compressor)
        }
        // Also where packing saved less than a tenth: readers are faster without.
        if chunk.bytes.isEmpty || chunk.compressedByteCount * 10 > raw.count * 9 {
            chunk = Chunk(self, buffer)
            try chunk.write(raw, hasDictionary ? dictionary : nil, bodies, pages, nil)
        }
        return chunk.finish(pages)
    }

    /// The chunk as it grows.
    private struct Chunk {
        let encoder: ColumnChunkEncoder
        let buffer: LeafContent
        var bytes: [UInt8] = []
        /// Without the headers.
        var compressedByteCount = 0
        /// With the headers.
        var uncompressedByteCount = 0
        var codec = CompressionCodec.uncompressed
        var dictionaryPageOffset: Int?
        var locations: [OffsetIndex.PageLocation] = []

        init(_ encoder: ColumnChunkEncoder, _ buffer: LeafContent) {
            self.encoder = encoder
            self.buffer = buffer
        }

        private var encoding: Encoding { buffer.hasDictionary ? .rleDictionary : buffer.encodingWithoutDictionary }

        mutating func write(
            _ raw: [UInt8], _ dictionary: Range<Int>?, _ bodies: [Body], _ pages: [LeafContent.Page],
            _ compressor: PageCompressor?
        ) throws(ParquetError) {
            codec = compressor?.codec ?? .uncompressed
            var packed: [UInt8] = []
            func pack(_ range: Range<Int>, behind levels: Int) throws(ParquetError) {
                packed.removeAll(keepingCapacity: true)
                packed.append(contentsOf: raw[range.prefix(levels)])
                let values = range.dropFirst(levels)
                guard let compressor else {
                    packed.append(contentsOf: raw[values])
                    return
                }
                let result = raw.withUnsafeBytes { raw in
                    Result { () throws(ParquetError) in
                        try compressor.compress(UnsafeRawBufferPointer(rebasing: raw[values]), into: &packed)
                    }
                }
                try result.get()
            }
            if let dictionary {
                try pack(dictionary, behind: 0)
                dictionaryPageOffset = bytes.count
                append(
                    .dictionary(DictionaryPageHeader(valueCount: buffer.dictionaryCount)), raw: dictionary.count,
                    packed)
            }
            for (body, page) in zip(bodies, pages) {
                let isV2 = encoder.settings.writesDataPagesV2
                let levels = isV2 ? body.levels.repetition + body.levels.definition : 0
                try pack(body.range, behind: levels)
                let offset = bytes.count
                append(header(page, body, isCompressed: compressor != nil), raw: body.range.count, packed)
                locations.append(
                    OffsetIndex.PageLocation(
                        offset: offset, byteCount: bytes.count - offset, firstRow: page.rows.lowerBound))
            }
        }

        private func header(_ page: LeafContent.Page, _ body: Body, isCompressed: Bool) -> PageHeader.Kind {
            guard encoder.settings.writesDataPagesV2 else {
                return .data(DataPageHeader(valueCount: page.entries.count, encoding: encoding))
            }
            return .dataV2(
                DataPageHeaderV2(
                    valueCount: page.entries.count, nullCount: page.nullCount, rowCount: page.rows.count,
                    encoding: encoding, definitionLevelsByteCount: body.levels.definition,
                    repetitionLevelsByteCount: body.levels.repetition, isCompressed: isCompressed))
        }

        private mutating func append(_ kind: PageHeader.Kind, raw: Int, _ packed: [UInt8]) {
            let header = PageHeader(kind: kind, uncompressedByteCount: raw, compressedByteCount: packed.count).bytes
            bytes.append(contentsOf: header)
            bytes.append(contentsOf: packed)
            compressedByteCount += packed.count
            uncompressedByteCount += header.count + raw
        }

        func finish(_ pages: [LeafContent.Page]) -> EncodedColumnChunk {
            let bounds = PageBounds(buffer, pages, byteLimit: encoder.settings.statisticsByteLimit)
            let levels: [Encoding] = buffer.leaf.maxDefinitionLevel + buffer.leaf.maxRepetitionLevel > 0 ? [.rle] : []
            let metadata = ColumnChunkMetadata(
                physicalType: buffer.leaf.physicalType,
                encodings: (dictionaryPageOffset == nil ? [] : [.plain]) + levels + [encoding],
                path: buffer.leaf.path, codec: codec, valueCount: buffer.entryCount,
                totalUncompressedByteCount: uncompressedByteCount,
                totalCompressedByteCount: bytes.count,
                dataPageOffset: locations.first?.offset ?? bytes.count,
                dictionaryPageOffset: dictionaryPageOffset, statistics: bounds.statistics)
            return EncodedColumnChunk(
                bytes: bytes, metadata: metadata, offsetIndex: OffsetIndex(pageLocations: locations),
                columnIndex: bounds.columnIndex, bloomFilter: buffer.bloomFilter(encoder.settings))
        }
    }
}

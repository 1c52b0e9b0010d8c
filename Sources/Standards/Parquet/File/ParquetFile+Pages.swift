extension ParquetFile {
    /// The part of a column chunk to be read.
    struct ChunkRead {
        let leaf: SchemaLeaf
        let chunk: ColumnChunkMetadata
        /// Of the row group.
        let rowCount: Int
        /// All when `nil`.
        let rows: [Range<Int>]?
        let keepsDictionary: Bool
    }

    func read(_ read: ChunkRead, _ decompressor: PageDecompressor) throws(ParquetError) -> ColumnValues {
        let chunk = read.chunk
        guard chunk.valueCount >= 0, read.rowCount >= 0 else {
            throw .malformed(.columnChunk, "\(chunk.valueCount) values in \(read.rowCount) rows")
        }
        let expectedCount =
            read.rows.map { $0.reduce(0) { $0 + $1.count } } ?? min(chunk.valueCount, limits.readValueCount)
        let reader = try ColumnChunkReader(
            read.leaf, chunk.codec, limits, decompressor, keepsDictionary: read.keepsDictionary,
            expectedCount: expectedCount)
        if chunk.valueCount == 0 || read.rows?.isEmpty == true {
            guard read.rows != nil || read.rowCount == 0 else {
                throw .malformed(.columnChunk, "no values in \(read.rowCount) rows")
            }
            return reader.finish()
        }
        if let rows = read.rows, let index = try offsetIndex(chunk), !index.pageLocations.isEmpty {
            return try readPages(index.pageLocations, rows, read, reader)
        }
        return try readAll(read, reader)
    }

    /// Reads all pages; in columns without repetition, pages that hold none of the rows are not decompressed.
    private func readAll(_ read: ChunkRead, _ reader: ColumnChunkReader) throws(ParquetError) -> ColumnValues {
        var reader = reader
        /// The row group's decoded rows.
        var spans: [Range<Int>] = []
        try source.withBytes(in: try byteRange(read.chunk)) { (bytes) throws(ParquetError) in
            var pages = PageCursor(bytes, limits, verifiesChecksums: verifiesChecksums)
            var seen = 0
            while seen < read.chunk.valueCount, let (header, content) = try pages.next() {
                let count = header.valueCount
                guard count <= read.chunk.valueCount - seen else {
                    throw .malformed(.columnChunk, "pages with more than its \(read.chunk.valueCount) values")
                }
                if count > 0, read.leaf.maxRepetitionLevel == 0, let rows = read.rows {
                    let span = seen..<seen + count
                    seen += count
                    guard rows.contains(where: { $0.overlaps(span) }) else { continue }
                    spans.append(span)
                } else {
                    seen += count
                }
                try pages.verify(header, content)
                try reader.take(header, content)
            }
            guard seen == read.chunk.valueCount else {
                throw .truncated(.columnChunk, needed: read.chunk.valueCount, available: seen)
            }
        }
        let values = reader.finish()
        if spans.isEmpty {
            guard values.rowCount == read.rowCount else {
                throw .malformed(.columnChunk, "\(values.rowCount) rows, its row group has \(read.rowCount)")
            }
            spans = [0..<read.rowCount]
        }
        guard let rows = read.rows else { return values }
        return values.selecting(
            try Self.positions(of: rows, in: spans), maxDefinitionLevel: read.leaf.maxDefinitionLevel)
    }

    /// Reads the dictionary and the pages that hold some of `rows`.
    private func readPages(
        _ locations: [OffsetIndex.PageLocation], _ rows: [Range<Int>], _ read: ChunkRead, _ reader: ColumnChunkReader
    ) throws(ParquetError) -> ColumnValues {
        var reader = reader
        let chunkRange = try byteRange(read.chunk)
        try Self.check(locations, chunkRange, read.rowCount)
        var spans: [Range<Int>] = []
        var ranges: [Range<Int>] = []
        let hasDictionary = chunkRange.lowerBound < locations[0].offset
        if hasDictionary { ranges.append(chunkRange.lowerBound..<locations[0].offset) }
        for (index, location) in locations.enumerated() {
            let end = index + 1 < locations.count ? locations[index + 1].firstRow : read.rowCount
            let span = location.firstRow..<end
            guard rows.contains(where: { $0.overlaps(span) }) else { continue }
            spans.append(span)
            ranges.append(location.offset..<location.offset + location.byteCount)
        }
        try source.withBytes(in: ranges) { (parts) throws(ParquetError) in
            for (index, part) in parts.enumerated() {
                var pages = PageCursor(part, limits, verifiesChecksums: verifiesChecksums)
                guard let (header, content) = try pages.next() else { throw .truncated(.page, needed: 1, available: 0) }
                try pages.verify(header, content)
                let before = reader.rowCount
                try reader.take(header, content)
                if hasDictionary, index == 0 {
                    guard reader.levelCount == 0 else { throw .malformed(.offsetIndex, "a page before the first one") }
                    continue
                }
                let span = spans[index - (hasDictionary ? 1 : 0)]
                guard reader.rowCount - before == span.count else {
                    throw .malformed(
                        .offsetIndex, "\(span.count) rows in a page that has \(reader.rowCount - before)")
                }
            }
        }
        return reader.finish().selecting(
            try Self.positions(of: rows, in: spans), maxDefinitionLevel: read.leaf.maxDefinitionLevel)
    }

    private static func check(
        _ locations: [OffsetIndex.PageLocation], _ chunk: Range<Int>, _ rowCount: Int
    ) throws(ParquetError) {
        var offset = chunk.lowerBound
        var row = 0
        for (index, location) in locations.enumerated() {
            let isFirstRow = index == 0 ? location.firstRow == 0 : location.firstRow >= row
            guard location.offset >= offset, location.byteCount <= chunk.upperBound - location.offset, isFirstRow,
                location.firstRow <= rowCount
            else {
                throw .malformed(
                    .offsetIndex,
                    "page \(index) at \(location.offset) of \(location.byteCount) bytes with row \(location.firstRow)")
            }
            offset = location.offset + location.byteCount
            row = location.firstRow
        }
    }

    /// The positions of `rows` among the rows in `spans`.
    private static func positions(of rows: [Range<Int>], in spans: [Range<Int>]) throws(ParquetError) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var before = 0
        var wanted = 0
        for span in spans {
            for range in rows where range.overlaps(span) {
                let part = range.clamped(to: span)
                let start = before + part.lowerBound - span.lowerBound
                wanted += part.count
                if let last = result.last, last.upperBound == start {
                    result[result.count - 1] = last.lowerBound..<start + part.count
                } else {
                    result.append(start..<start + part.count)
                }
            }
            before += span.count
        }
        let count = rows.reduce(0) { $0 + $1.count }
        guard wanted == count else { throw .truncated(.columnChunk, needed: count, available: wanted) }
        return result
    }
}

extension PageHeader {
    /// Of a data page, with nulls; 0 of others.
    fileprivate var valueCount: Int {
        switch kind {
        case .data(let header): header.valueCount
        case .dataV2(let header): header.valueCount
        case .dictionary, .index: 0
        }
    }
}

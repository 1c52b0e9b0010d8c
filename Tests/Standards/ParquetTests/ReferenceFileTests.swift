import JSON
import TestDocuments
import Testing

@testable import Parquet

@Suite("Files of other programs") struct ReferenceFileTests {
    @Test("of all kinds are there", .withSharedDocuments)
    func shared() {
        #expect(ReferenceFiles.readable.count { $0.folder == .shared } > 40)
    }

    @Test("have the columns, codecs and rows that pyarrow finds", arguments: ReferenceFiles.documents)
    func metadata(document: Document) throws {
        let expected = try #require(ReferenceFiles.expected[document])
        guard let rowCount = expected["num_rows"]?.int, let file = try? ReferenceFiles.open(document) else {
            #expect(document.path.contains("bad_data") || document.path.contains("incorrect_map_schema"))
            return
        }
        #expect(file.metadata.rowCount == rowCount)
        #expect(file.rowGroups.count == expected["num_row_groups"]?.int)
        #expect(file.metadata.createdBy ?? "" == expected["created_by"]?.string ?? "")
        let leaves = try #require(expected["leaf_columns"]?.array)
        #expect(file.schema.leaves.map { $0.path.joined(separator: ".") } == leaves.map { $0["path"]?.string })
        #expect(file.schema.leaves.map(\.maxDefinitionLevel) == leaves.map { $0["max_def"]?.int })
        #expect(file.schema.leaves.map(\.maxRepetitionLevel) == leaves.map { $0["max_rep"]?.int })
        #expect(
            Set(file.metadata.keyValues.map(\.key)).subtracting(["ARROW:schema"])
                == Set(expected["key_value_keys"]?.array?.compactMap(\.string) ?? []).subtracting(["ARROW:schema"]))
    }

    @Test("have the first rows and the nulls that pyarrow finds", arguments: ReferenceFiles.readable)
    func rows(document: Document) throws {
        let expected = try #require(ReferenceFiles.expected[document])
        let first = try #require(expected["first_rows"]?.array)
        let counts = try #require(expected["null_counts"]?.object)
        let file = try ReferenceFiles.open(document)
        var rows: [ParquetValue] = []
        for rowGroup in file.rowGroups.indices { rows += try RecordReader(file).rows(inRowGroup: rowGroup) }
        #expect(rows.count == file.rowGroups.reduce(0) { $0 + $1.rowCount })
        for (row, json) in zip(rows, first) { #expect(row.isShown(as: json), "\(row) is not \(json.jsonText)") }
        for count in counts { #expect(rows.count { $0[count.name] == .null } == count.value.int, "\(count.name)") }
    }

    @Test("give the same rows when only some are asked for", arguments: ReferenceFiles.readable)
    func ranges(document: Document) throws {
        let file = try ReferenceFiles.open(document)
        for rowGroup in file.rowGroups.indices {
            let count = file.rowGroups[rowGroup].rowCount
            let ranges = [count / 5..<count / 4, count / 3..<count / 2, max(count / 2, count - 2)..<count]
            for leaf in file.schema.leaves {
                let all = try file.readColumn(leaf, rowGroup: rowGroup)
                let some = try file.readColumn(leaf, rowGroup: rowGroup, rows: ranges)
                let picked = all.selecting(ranges.filter { !$0.isEmpty }, maxDefinitionLevel: leaf.maxDefinitionLevel)
                // NaN is not equal to itself.
                #expect("\(some)" == "\(picked)")
            }
        }
    }

    @Test(
        "hold no value outside of their bounds, nor one that their Bloom filters deny",
        arguments: ReferenceFiles.readable)
    func bounds(document: Document) throws {
        let file = try ReferenceFiles.open(document)
        for rowGroup in file.rowGroups.indices {
            for leaf in file.schema.leaves {
                let column = try file.readColumn(leaf, rowGroup: rowGroup)
                let bounds = try file.bounds(leaf, rowGroup: rowGroup)
                let filter = try file.bloomFilter(leaf, rowGroup: rowGroup)
                for value in column.values.plainBytes {
                    if let bounds { #expect(bounds.mayHold(value, leaf), "\(leaf.path)") }
                    if let filter { #expect(filter.mayContain(hash: BloomFilter.hash(value)), "\(leaf.path)") }
                }
                guard let pages = try file.pageBounds(leaf, rowGroup: rowGroup),
                    let offsets = try file.offsetIndex(leaf, rowGroup: rowGroup)?.pageLocations
                else { continue }
                #expect(pages.count == offsets.count)
                for (index, page) in pages.enumerated() {
                    let end =
                        index + 1 < offsets.count ? offsets[index + 1].firstRow : file.rowGroups[rowGroup].rowCount
                    let values = try file.readColumn(leaf, rowGroup: rowGroup, rows: [offsets[index].firstRow..<end])
                    for value in values.values.plainBytes { #expect(page.mayHold(value, leaf), "\(leaf.path)") }
                    if page.isAllNull { #expect(values.values.count == 0) }
                }
            }
        }
    }

    @Test(
        "are rejected when they are damaged",
        arguments: ReferenceFiles.documents.filter { $0.path.contains("bad_data") && !$0.path.contains("43605") })
    func damaged(document: Document) throws {
        #expect(throws: ParquetError.self) {
            let file = try ReferenceFiles.open(document)
            for rowGroup in file.rowGroups.indices { _ = try RecordReader(file).rows(inRowGroup: rowGroup) }
        }
    }

    @Test(
        "are rejected when a checksum is another",
        arguments: ReferenceFiles.documents.filter { $0.hasDamagedChecksum })
    func damagedChecksum(document: Document) throws {
        let file = try ReferenceFiles.open(document, verifiesChecksums: true)
        #expect(throws: ParquetError.self) { try RecordReader(file).rows(inRowGroup: 0) }
    }

    @Test(
        "have only some of their pages read for some of their rows",
        arguments: ReferenceFiles.readable.filter { $0.path.hasSuffix("null_pages.parquet") })
    func readsLittle(document: Document) throws {
        let source = CountingByteSource(MemoryByteSource(try document.bytes()))
        let file = try ParquetFile(source)
        let leaf = file.schema.leaves[0]
        let before = source.readByteCount
        _ = try file.readColumn(leaf, rowGroup: 0)
        let all = source.readByteCount - before
        _ = try file.readColumn(leaf, rowGroup: 0, rows: [0..<1])
        let few = source.readByteCount - before - all
        #expect(few < all / 2, "\(few) of \(all) bytes")
    }
}

extension ColumnValues.Storage {
    /// Each value in PLAIN encoding, byte arrays without their length.
    var plainBytes: [[UInt8]] {
        func bytes<Value: BitwiseCopyable>(_ values: [Value]) -> [[UInt8]] {
            values.map { value in withUnsafeBytes(of: value) { Array($0) } }
        }
        switch self {
        case .booleans(let values): return bytes(values)
        case .int32(let values): return bytes(values)
        case .int64(let values): return bytes(values)
        case .float(let values): return bytes(values)
        case .double(let values): return bytes(values)
        case .byteArrays(let values): return (0..<values.count).map { Array(values[$0]) }
        case .dictionaryByteArrays(let indices, let values): return indices.map { Array(values[Int($0)]) }
        case .fixedLengthByteArrays(let values): return (0..<values.count).map { Array(values[$0]) }
        }
    }
}

extension ValueBounds {
    func mayHold(_ bytes: [UInt8], _ leaf: SchemaLeaf) -> Bool {
        guard let value = leaf.boundValue(bytes, .typeDefined) else { return true }
        if case .double(let number) = value, number.isNaN { return mayHoldNaN }
        return minimum.map { value.isLess(than: $0) == false } ?? true
            && maximum.map { $0.isLess(than: value) == false } ?? true
    }
}

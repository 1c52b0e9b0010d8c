public import Parquet

/// Reads the Items of a GeoParquet file.
///
///     let reader = try ItemFileReader(file: ParquetFile(FileByteSource(path: "items.parquet")))
///     while try reader.next({ row, item in … }) {}
///
/// From a file of this library every Item comes back as it went in, but for the order of members and the way numbers
/// are written. Others are read by the rules of stac-geoparquet, where no value means no member, except for `geometry`
/// and `datetime`; also files from before its first version, and those with `assets` as JSON text.
///
/// Columns are read for as many rows at a time as fit into `sliceByteLimit`. Not to be used by two threads at once; a
/// file can have many readers.
///
/// Source: [stac-geoparquet 1.1.0](
/// https://github.com/stac-utils/stac-geoparquet/blob/main/spec/stac-geoparquet-spec.md).
public final class ItemFileReader {
    public let file: ParquetFile
    private let plan: ReadPlan
    /// Approximate limit on the decoded rows' memory, in bytes; four times as much where the file has no index of
    /// its pages.
    private let sliceByteLimit: Int
    /// A single row may take so many bytes.
    private static let rowByteLimit = 1 << 30

    private var slice: RowSlice?
    private var rowGroup = 0
    /// Rows of the row group that have been decoded into slices.
    private var takenRows = 0
    /// Of the file: before the row group.
    private var rowsBefore = 0

    /// - Parameters:
    ///   - names: Members of Items and of `properties`: Items have only those, and their id; the values of
    ///     `ItemShape.overflowName` too, if it is among them, which may be others' than theirs. All when `nil`.
    ///   - partitions: Values that the file has no columns for.
    /// - Throws: `ItemFileError` for a file that has no columns of Items, and for one of another reference system.
    public init(
        file: ParquetFile, names: Set<String>? = nil, partitions: HivePartitions = .none,
        sliceByteLimit: Int = 128 << 20
    ) throws(ItemFileError) {
        self.file = file
        self.sliceByteLimit = sliceByteLimit
        plan = ReadPlan(try ReadPlanBuilder(file, names: names, partitions))
    }

    private init(file: ParquetFile, plan: ReadPlan, sliceByteLimit: Int) {
        self.file = file
        self.plan = plan
        self.sliceByteLimit = sliceByteLimit
    }

    /// Another one of the same file, for another thread.
    ///
    /// - Parameter file: The same where other row groups are completed.
    public func copy(of file: ParquetFile) -> ItemFileReader {
        ItemFileReader(file: file, plan: plan, sliceByteLimit: sliceByteLimit)
    }

    /// Hands the next Item of the file to `body`, with its row, from 0.
    ///
    /// - Parameter body: Gets the text, valid only inside of it; or the error of this row, after which others may
    ///   be sound.
    /// - Returns: `false` after the last row.
    /// - Throws: `ParquetError` when the file is damaged; its other rows cannot be read then.
    public func next(
        _ body: (Int, Result<UnsafeRawBufferPointer, ItemFileError>) -> Void
    ) throws(ParquetError) -> Bool {
        while true {
            if let slice {
                let before = rowsBefore
                if try slice.next({ row, item in body(before + row, item.mapError { $0.located(behind: before) }) }) {
                    return true
                }
                self.slice = nil
            }
            guard rowGroup < file.rowGroups.count else { return false }
            let rowCount = file.rowGroups[rowGroup].rowCount
            guard takenRows < rowCount else {
                rowsBefore += takenRows
                rowGroup += 1
                takenRows = 0
                continue
            }
            let slice = try slice(inRowGroup: rowGroup, from: takenRows, upTo: rowCount)
            takenRows = slice.rows.upperBound
            self.slice = slice
        }
    }

    /// The texts of some Items of a row group, or of all.
    ///
    /// - Throws: `ItemFileError` for the first row that is not sound; as `next`.
    public func items(inRowGroup rowGroup: Int, rows: Range<Int>? = nil) throws -> [[UInt8]] {
        guard file.rowGroups.indices.contains(rowGroup) else {
            throw ParquetError.invalidRequest("there is no row group \(rowGroup), the file has \(file.rowGroups.count)")
        }
        let rows = rows ?? 0..<max(0, file.rowGroups[rowGroup].rowCount)
        var items: [[UInt8]] = []
        var row = rows.lowerBound
        while row < rows.upperBound {
            let slice = try slice(inRowGroup: rowGroup, from: row, upTo: rows.upperBound)
            row = slice.rows.upperBound
            var fault: ItemFileError?
            while fault == nil,
                try slice.next({ _, result in
                    switch result {
                    case .success(let text): items.append(Array(text))
                    case .failure(let error): fault = error
                    }
                })
            {}
            if let fault { throw fault }
        }
        return items
    }

    /// Passes the texts of some Items of a row group to `body`, one by one, with their positions in `rows`.
    ///
    /// Only pages with some of the rows are read, and columns side by side.
    ///
    /// - Parameter rows: Within the row group, ascending and not overlapping.
    /// - Throws: `ItemFileError` for the first row that is not sound; as `next`.
    public func forEachItem(
        inRowGroup rowGroup: Int, rows: [Range<Int>], _ body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard file.rowGroups.indices.contains(rowGroup) else {
            throw ParquetError.invalidRequest("there is no row group \(rowGroup), the file has \(file.rowGroups.count)")
        }
        var left = rows.filter { !$0.isEmpty }
        var position = 0
        while !left.isEmpty {
            let slice = try slice(inRowGroup: rowGroup, of: &left)
            var fault: (any Error)?
            while fault == nil,
                try slice.next({ _, result in
                    switch result {
                    case .success(let text):
                        do { try body(position, text) } catch { fault = error }
                        position += 1
                    case .failure(let error): fault = error
                    }
                })
            {}
            if let fault { throw fault }
        }
    }

    /// The first of `rows`, as many as there is room for, which are taken out.
    private func slice(inRowGroup rowGroup: Int, of rows: inout [Range<Int>]) throws(ParquetError) -> RowSlice {
        var limit = expectedRowCount(file.rowGroups[rowGroup], sliceByteLimit)
        while true {
            let first = rows.prefix(rowCount: limit)
            let count = first.reduce(0) { $0 + $1.count }
            do throws(ParquetError) {
                let slice = try RowSlice(
                    file, plan, rowGroup: rowGroup, ranges: first,
                    byteLimit: count == 1 ? Self.rowByteLimit : 4 * sliceByteLimit)
                rows = rows.dropping(rowCount: count)
                return slice
            } catch {
                guard error.isOfSize, count > 1 else { throw error }
                limit = max(1, count / 8)
            }
        }
    }

    /// The number of rows that fit into the limit, at least one.
    private func slice(inRowGroup rowGroup: Int, from row: Int, upTo end: Int) throws(ParquetError) -> RowSlice {
        let group = file.rowGroups[rowGroup]
        // Without an index every slice reads all pages: fewer slices are better.
        let hasIndex = group.columns.allSatisfy { $0.offsetIndexOffset != nil }
        let byteLimit = hasIndex ? sliceByteLimit : 4 * sliceByteLimit
        var count = min(end - row, expectedRowCount(group, byteLimit))
        while true {
            do throws(ParquetError) {
                return try RowSlice(
                    file, plan, rowGroup: rowGroup, ranges: [row..<row + count],
                    byteLimit: count == 1 ? Self.rowByteLimit : 3 * byteLimit)
            } catch {
                guard error.isOfSize, count > 1 else { throw error }
                count = max(1, count / 8)
            }
        }
    }

    /// Rows that may fit, going by the sizes that the file states.
    private func expectedRowCount(_ group: RowGroupMetadata, _ byteLimit: Int) -> Int {
        // Levels take two bytes, and dictionary indices four.
        let bytes = group.columns.reduce(0.0) { $0 + Double($1.totalUncompressedByteCount) + 6 * Double($1.valueCount) }
        let byRow = max(1, bytes / Double(max(1, group.rowCount)))
        return max(1, Int(min(1e9, Double(byteLimit) / byRow)))
    }
}

extension ParquetError {
    /// Whether fewer rows may do.
    fileprivate var isOfSize: Bool {
        switch self {
        case .tooLarge: true
        case .inColumn(_, _, let error): error.isOfSize
        default: false
        }
    }
}

extension [Range<Int>] {
    /// The first rows.
    fileprivate func prefix(rowCount limit: Int) -> [Range<Int>] {
        var left = limit
        return compactMap { range in
            let count = Swift.min(left, range.count)
            left -= count
            return count > 0 ? range.lowerBound..<range.lowerBound + count : nil
        }
    }

    /// Without the first rows.
    fileprivate func dropping(rowCount: Int) -> [Range<Int>] {
        var left = rowCount
        return compactMap { range in
            let count = Swift.min(left, range.count)
            left -= count
            return count < range.count ? range.lowerBound + count..<range.upperBound : nil
        }
    }
}

import Parquet
import STACGeoParquet

/// Takes Items out of a GeoParquet file, row by row.
final class ItemTable {
    /// The first bytes of a Parquet file.
    static let magic = Array("PAR1".utf8)

    private let reader: ItemFileReader
    private let byteCount: Int
    private let rowCount: Int
    private var takenRows = 0

    /// - Throws: `ParquetError` or `ItemFileError` when it is no file of Items.
    init(path: String) throws {
        let source = try FileByteSource(path: path)
        var limits = ReaderLimits()
        limits.pageByteCount = 256 << 20
        limits.readByteCount = 1 << 30
        limits.readValueCount = 1 << 26
        let file = try ParquetFile(source, limits: limits)
        reader = try ItemFileReader(file: file, partitions: HivePartitions(path: path))
        byteCount = source.byteCount
        rowCount = file.metadata.rowCount
    }

    /// About as many bytes as have been read for the rows that were taken.
    var consumed: Int {
        takenRows >= rowCount ? byteCount : Int(Double(byteCount) * Double(takenRows) / Double(rowCount))
    }

    /// Appends Items until the batch is full.
    ///
    /// - Returns: `false` when there are no more.
    /// - Throws: `ParquetError` for a damaged file.
    func take(into builder: inout BatchBuilder) throws -> Bool {
        while !builder.isFull {
            let hasRow = try reader.next { row, item in
                switch item {
                case .success(let text):
                    builder.open(line: row + 1)
                    builder.append(text)
                    builder.close()
                case .failure(let error): builder.reject(line: row + 1, error)
                }
            }
            guard hasRow else { return false }
            takenRows += 1
        }
        return true
    }
}

extension BatchBuilder {
    fileprivate mutating func reject(line: Int, _ error: ItemFileError) {
        reject(line: line, (error.column.map { "column \($0): " } ?? "") + error.reason)
    }
}

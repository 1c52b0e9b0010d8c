/// Bounds of each data page of a column chunk.
///
/// Source: [Page index](https://parquet.apache.org/docs/file-format/pageindex/).
public struct ColumnIndex: Hashable, Sendable {
    /// Whether the bounds are sorted from page to page.
    public enum BoundaryOrder: Int32, Hashable, Sendable, CaseIterable {
        case unordered = 0
        case ascending, descending
    }

    /// Whether a page holds nothing but nulls; its bounds are then empty and mean nothing.
    public var nullPages: [Bool]
    /// As in `ColumnStatistics`; may be truncated to something smaller.
    public var minima: [[UInt8]]
    /// As in `ColumnStatistics`; may be truncated to something larger.
    public var maxima: [[UInt8]]
    public var boundaryOrder: BoundaryOrder
    public var nullCounts: [Int64]?
    public var nanCounts: [Int64]?

    public init(
        nullPages: [Bool], minima: [[UInt8]], maxima: [[UInt8]], boundaryOrder: BoundaryOrder,
        nullCounts: [Int64]? = nil, nanCounts: [Int64]? = nil
    ) {
        self.nullPages = nullPages
        self.minima = minima
        self.maxima = maxima
        self.boundaryOrder = boundaryOrder
        self.nullCounts = nullCounts
        self.nanCounts = nanCounts
    }

    /// Reads the index that `bytes` begin with; all its lists have the same length.
    public init(bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        self = try Self.read(bytes, .columnIndex).value
    }

    public var bytes: [UInt8] { thriftBytes }

    public var pageCount: Int { nullPages.count }
}

extension ColumnIndex: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init(nullPages: [], minima: [], maxima: [], boundaryOrder: .unordered)
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: nullPages = try reader.bools(field)
            case 2: minima = try reader.binaries(field)
            case 3: maxima = try reader.binaries(field)
            case 4: boundaryOrder = BoundaryOrder(rawValue: try reader.int32(field)) ?? .unordered
            case 5: nullCounts = try reader.int64s(field)
            case 8: nanCounts = try reader.int64s(field)
            default: try reader.skip(field)
            }
        }
        let counts = [minima.count, maxima.count, nullCounts?.count ?? pageCount, nanCounts?.count ?? pageCount]
        guard counts.allSatisfy({ $0 == pageCount }) else {
            throw .malformed(.columnIndex, "\(pageCount) pages, but lists of \(counts)")
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, nullPages)
        writer.field(2, minima)
        writer.field(3, maxima)
        writer.field(4, boundaryOrder.rawValue)
        writer.field(5, nullCounts)
        writer.field(8, nanCounts)
    }
}

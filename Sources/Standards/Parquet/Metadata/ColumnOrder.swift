/// The order of values in the statistics of a column.
///
/// Source: `ColumnOrder` of [parquet.thrift](https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
public enum ColumnOrder: Hashable, Sendable {
    /// By the column's logical type, else its physical type.
    case typeDefined
    /// Floating-point numbers by IEEE 754 totalOrder: -0 before +0, NaN at both ends.
    case ieee754TotalOrder
    /// One that the format got later than this library: bounds are of no use.
    case unknown
}

extension ColumnOrder: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self = .unknown
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: self = .typeDefined
            case 2: self = .ieee754TotalOrder
            default: break
            }
            try reader.skip(field)
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        switch self {
        case .typeDefined: writer.structure(1)
        case .ieee754TotalOrder: writer.structure(2)
        case .unknown: break
        }
    }
}

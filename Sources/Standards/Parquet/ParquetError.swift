/// A fault of a Parquet file, or of a request to it.
public enum ParquetError: Error, Hashable, Sendable {
    /// The file does not end, or does not begin, as Parquet files do.
    case notParquet
    /// The file or the column is encrypted, which is not supported.
    case encrypted
    /// `part` ends after `available` bytes or values, and `needed` were announced.
    case truncated(ParquetPart, needed: Int, available: Int)
    /// The bytes of `part` violate the format.
    case malformed(ParquetPart, String)
    /// A Thrift structure lacks a required field.
    case missingField(ParquetPart, String)
    /// `part` is larger than the reader's limits permit, in bytes or values.
    case tooLarge(ParquetPart, Int, limit: Int)
    /// A feature of the format that this library does not know.
    case unsupported(ParquetPart, String)
    /// The checksum in a page's header is not that of its bytes.
    case checksumMismatch(stated: UInt32, computed: UInt32)
    /// A page could not be packed or unpacked; the codec's own words.
    case compression(CompressionCodec, String)
    /// The file could not be read or written; the system's own words.
    case inputOutput(String)
    /// The schema holds no such column or row group, or values do not match its type.
    case invalidRequest(String)
    /// Another fault, seen in one column chunk.
    indirect case inColumn(path: [String], rowGroup: Int, ParquetError)
}

/// Parts of a file that a fault can be in.
public enum ParquetPart: String, Hashable, Sendable {
    case footer, schema, rowGroup = "row group", columnChunk = "column chunk", statistics
    case pageHeader = "page header", page, dictionary, levels, values
    case columnIndex = "column index", offsetIndex = "offset index", bloomFilter = "bloom filter"
}

extension ParquetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notParquet: "not a Parquet file"
        case .encrypted: "the file is encrypted"
        case .truncated(let part, let needed, let available):
            "the \(part.rawValue) ends too early: \(needed) needed, \(available) there"
        case .malformed(let part, let what): "malformed \(part.rawValue): \(what)"
        case .missingField(let part, let field): "malformed \(part.rawValue): no \(field)"
        case .tooLarge(let part, let size, let limit):
            "the \(part.rawValue) has \(size), more than the limit of \(limit)"
        case .unsupported(let part, let what): "unsupported in the \(part.rawValue): \(what)"
        case .checksumMismatch(let stated, let computed):
            "the page's checksum is \(String(computed, radix: 16)), its header says \(String(stated, radix: 16))"
        case .compression(let codec, let words): "\(codec): \(words)"
        case .inputOutput(let words): words
        case .invalidRequest(let words): words
        case .inColumn(let path, let rowGroup, let error):
            "column \(path.joined(separator: ".")), row group \(rowGroup): \(error)"
        }
    }
}

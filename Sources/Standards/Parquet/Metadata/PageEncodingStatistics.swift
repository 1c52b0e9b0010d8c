/// The number of pages of one kind with one encoding.
public struct PageEncodingStatistics: Hashable, Sendable {
    public var pageType: PageType
    public var encoding: Encoding
    public var count: Int

    public init(pageType: PageType, encoding: Encoding, count: Int) {
        self.pageType = pageType
        self.encoding = encoding
        self.count = count
    }
}

public enum PageType: Int32, Hashable, Sendable, CaseIterable {
    case data = 0
    /// Reserved by the format, never written.
    case index, dictionary, dataV2
}

extension PageEncodingStatistics: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init(pageType: .data, encoding: .plain, count: 0)
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: pageType = try PageType(reader: &reader, field)
            case 2: encoding = try Encoding(reader: &reader, field)
            case 3: count = Int(try reader.int32(field))
            default: try reader.skip(field)
            }
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, pageType.rawValue)
        writer.field(2, encoding.rawValue)
        writer.field(3, Int32(clamping: count))
    }
}

extension RawRepresentable where RawValue == Int32 {
    /// The value of an enumeration; unknown numbers are an error.
    @inline(__always)
    init(reader: inout ThriftCompactReader, _ field: ThriftField) throws(ParquetError) {
        let number = try reader.int32(field)
        guard let value = Self(rawValue: number) else { throw .unsupported(reader.part, "\(Self.self) \(number)") }
        self = value
    }
}

/// An entry of the file's own metadata, such as `geo` of GeoParquet. Keys may repeat.
public struct KeyValue: Hashable, Sendable {
    public var key: String
    public var value: String?

    public init(key: String, value: String?) {
        self.key = key
        self.value = value
    }
}

extension KeyValue: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var key: String?
        var value: String?
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: key = try reader.string(field)
            case 2: value = try reader.string(field)
            default: try reader.skip(field)
            }
        }
        guard let key else { throw .missingField(reader.part, "key") }
        self.init(key: key, value: value)
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, key)
        writer.field(2, value)
    }
}

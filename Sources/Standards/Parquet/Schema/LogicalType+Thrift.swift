/// The union `LogicalType`, with the field numbers of `parquet.thrift`.
extension LogicalType {
    /// `nil` for an empty union.
    static func read(from reader: inout ThriftCompactReader) throws(ParquetError) -> LogicalType? {
        var fields = try reader.openStructure()
        var type: LogicalType?
        while let field = try reader.next(&fields) {
            if field.type == .structure {
                type = try read(member: field, from: &reader)
            } else {
                try reader.skip(field)
            }
        }
        return type
    }

    private static func read(
        member: ThriftField, from reader: inout ThriftCompactReader
    ) throws(ParquetError) -> LogicalType? {
        switch member.id {
        case 5: return try readDecimal(from: &reader)
        case 7: return try readTime(from: &reader).map { .time(isAdjustedToUTC: $0.0, unit: $0.1) } ?? .unrecognized(7)
        case 8:
            return try readTime(from: &reader).map { .timestamp(isAdjustedToUTC: $0.0, unit: $0.1) } ?? .unrecognized(8)
        case 10: return try readInteger(from: &reader)
        case 16: return try readVariant(from: &reader)
        case 17: return .geometry(crs: try readGeography(from: &reader).crs)
        case 18:
            let (crs, algorithm) = try readGeography(from: &reader)
            return .geography(crs: crs, algorithm: algorithm)
        default:
            try reader.skip(member)
            return plain.first { $0.id == member.id }?.type ?? .unrecognized(member.id)
        }
    }

    /// Types without parameters.
    private static let plain: [(id: Int16, type: LogicalType)] = [
        (1, .string), (2, .map), (3, .list), (4, .enumeration), (6, .date), (11, .unknown), (12, .json), (13, .bson),
        (14, .uuid), (15, .float16),
    ]

    private static func readDecimal(from reader: inout ThriftCompactReader) throws(ParquetError) -> LogicalType {
        var fields = try reader.openStructure()
        var precision: Int32 = 0
        var scale: Int32 = 0
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: scale = try reader.int32(field)
            case 2: precision = try reader.int32(field)
            default: try reader.skip(field)
            }
        }
        return .decimal(precision: Int(precision), scale: Int(scale))
    }

    private static func readTime(
        from reader: inout ThriftCompactReader
    ) throws(ParquetError) -> (Bool, TimeUnit)? {
        var fields = try reader.openStructure()
        var isAdjustedToUTC = false
        var unit: TimeUnit?
        while let field = try reader.next(&fields) {
            switch (field.id, field.type) {
            case (1, _): isAdjustedToUTC = try reader.bool(field)
            case (2, .structure):
                var units = try reader.openStructure()
                while let member = try reader.next(&units) {
                    unit = TimeUnit(rawValue: member.id)
                    try reader.skip(member)
                }
            default: try reader.skip(field)
            }
        }
        return unit.map { (isAdjustedToUTC, $0) }
    }

    private static func readInteger(from reader: inout ThriftCompactReader) throws(ParquetError) -> LogicalType {
        var fields = try reader.openStructure()
        var bitWidth: Int8 = 0
        var isSigned = true
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: bitWidth = try reader.int8(field)
            case 2: isSigned = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        return [8, 16, 32, 64].contains(bitWidth)
            ? .integer(bitWidth: Int(bitWidth), isSigned: isSigned) : .unrecognized(10)
    }

    private static func readVariant(from reader: inout ThriftCompactReader) throws(ParquetError) -> LogicalType {
        var fields = try reader.openStructure()
        var version: Int8?
        while let field = try reader.next(&fields) {
            if field.id == 1 { version = try reader.int8(field) } else { try reader.skip(field) }
        }
        return .variant(specificationVersion: version)
    }

    private static func readGeography(
        from reader: inout ThriftCompactReader
    ) throws(ParquetError) -> (crs: String?, algorithm: EdgeInterpolation?) {
        var fields = try reader.openStructure()
        var crs: String?
        var algorithm: EdgeInterpolation?
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: crs = try reader.string(field)
            case 2: algorithm = EdgeInterpolation(rawValue: try reader.int32(field))
            default: try reader.skip(field)
            }
        }
        return (crs, algorithm)
    }

    /// Writes the member of the union that is set.
    func writeFields(to writer: inout ThriftCompactWriter) {
        switch self {
        case .decimal(let precision, let scale):
            writer.structure(5) { writer in
                writer.field(1, Int32(clamping: scale))
                writer.field(2, Int32(clamping: precision))
            }
        case .time(let isAdjustedToUTC, let unit): Self.write(7, isAdjustedToUTC, unit, to: &writer)
        case .timestamp(let isAdjustedToUTC, let unit): Self.write(8, isAdjustedToUTC, unit, to: &writer)
        case .integer(let bitWidth, let isSigned):
            writer.structure(10) { writer in
                writer.field(1, Int8(clamping: bitWidth))
                writer.field(2, isSigned)
            }
        case .variant(let version): writer.structure(16) { writer in writer.field(1, version) }
        case .geometry(let crs): writer.structure(17) { writer in writer.field(1, crs) }
        case .geography(let crs, let algorithm):
            writer.structure(18) { writer in
                writer.field(1, crs)
                writer.field(2, algorithm?.rawValue)
            }
        case .unrecognized(let id): writer.structure(id)
        default:
            if let id = Self.plain.first(where: { $0.type == self })?.id { writer.structure(id) }
        }
    }

    private static func write(
        _ id: Int16, _ isAdjustedToUTC: Bool, _ unit: TimeUnit, to writer: inout ThriftCompactWriter
    ) {
        writer.structure(id) { writer in
            writer.field(1, isAdjustedToUTC)
            writer.structure(2) { writer in writer.structure(unit.rawValue) }
        }
    }
}

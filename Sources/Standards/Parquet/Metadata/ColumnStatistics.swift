/// Bounds and counts of the values of a column chunk or of a page, as stored.
///
/// Bounds are encoded as PLAIN, byte arrays without their length. They are bounds, not always values that occur.
public struct ColumnStatistics: Hashable, Sendable {
    public var minimum: [UInt8]?
    public var maximum: [UInt8]?
    /// Whether the bound is a value that occurs; `nil` when the file does not state it.
    public var isMinimumExact: Bool?
    public var isMaximumExact: Bool?
    /// `nil` when the file does not state it, which is not zero.
    public var nullCount: Int?
    public var distinctCount: Int?
    /// For floating-point columns; `nil` when the file does not state it: there may be some then.
    public var nanCount: Int?
    /// Bounds of old writers, by signed comparison for every type: usable for types where that is the order, and
    /// otherwise where both are equal. Read only when the newer bounds are absent.
    public var legacyMinimum: [UInt8]?
    public var legacyMaximum: [UInt8]?

    public init(
        minimum: [UInt8]? = nil, maximum: [UInt8]? = nil, isMinimumExact: Bool? = nil, isMaximumExact: Bool? = nil,
        nullCount: Int? = nil, distinctCount: Int? = nil, nanCount: Int? = nil
    ) {
        self.minimum = minimum
        self.maximum = maximum
        self.isMinimumExact = isMinimumExact
        self.isMaximumExact = isMaximumExact
        self.nullCount = nullCount
        self.distinctCount = distinctCount
        self.nanCount = nanCount
    }
}

extension ColumnStatistics: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init()
        // Most writers give both pairs: arrays are made for one of them only.
        var legacy: (minimum: Range<Int>?, maximum: Range<Int>?)
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: legacy.maximum = try reader.binaryRange(field)
            case 2: legacy.minimum = try reader.binaryRange(field)
            case 3: nullCount = Int(try reader.int64(field))
            case 4: distinctCount = Int(try reader.int64(field))
            case 5: maximum = try reader.binary(field)
            case 6: minimum = try reader.binary(field)
            case 7: isMaximumExact = try reader.bool(field)
            case 8: isMinimumExact = try reader.bool(field)
            case 9: nanCount = Int(try reader.int64(field))
            default: try reader.skip(field)
            }
        }
        if minimum == nil, maximum == nil {
            legacyMinimum = legacy.minimum.map { [UInt8](reader.bytes[$0]) }
            legacyMaximum = legacy.maximum.map { [UInt8](reader.bytes[$0]) }
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, legacyMaximum)
        writer.field(2, legacyMinimum)
        writer.field(3, nullCount.map { Int64($0) })
        writer.field(4, distinctCount.map { Int64($0) })
        writer.field(5, maximum)
        writer.field(6, minimum)
        writer.field(7, isMaximumExact)
        writer.field(8, isMinimumExact)
        writer.field(9, nanCount.map { Int64($0) })
    }
}

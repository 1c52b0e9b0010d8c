/// A value of any type, as rows are made of.
public enum ParquetValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// Also dates in days, and times and timestamps in their type's unit; INT96 as nanoseconds since 1970-01-01.
    case integer(Int64)
    /// Integers of a type without sign.
    case unsignedInteger(UInt64)
    case double(Double)
    case decimal(ParquetDecimal)
    /// Also UUIDs, geometries, BSON, intervals and values of unknown types.
    case bytes([UInt8])
    /// Also enumerations and JSON.
    case string(String)
    case list([ParquetValue])
    /// In the order of the file; keys may repeat.
    case map([Entry])
    case structure([Field])

    public struct Entry: Hashable, Sendable {
        public let key: ParquetValue
        public let value: ParquetValue
    }

    public struct Field: Hashable, Sendable {
        public let name: String
        public let value: ParquetValue
    }

    /// The first field of that name in a structure.
    public subscript(name: String) -> ParquetValue? {
        guard case .structure(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }
}

/// One field of a file's schema: a column, or a group of fields.
public struct SchemaNode: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// - `typeLength`: Of a fixed-length byte array, in bytes; otherwise `nil`.
        case primitive(PhysicalType, typeLength: Int?)
        case group([SchemaNode])
    }

    public var name: String
    public var repetition: Repetition
    /// Number by which some writers identify a field, independent of its name.
    public var fieldID: Int32?
    public var kind: Kind
    public var logicalType: LogicalType?
    /// Number of the old annotation, as it stands in the file; derived from `logicalType` when `nil` on writing.
    public var convertedType: Int32?

    public init(
        name: String, repetition: Repetition, kind: Kind, logicalType: LogicalType? = nil, fieldID: Int32? = nil,
        convertedType: Int32? = nil
    ) {
        self.name = name
        self.repetition = repetition
        self.kind = kind
        self.logicalType = logicalType
        self.fieldID = fieldID
        self.convertedType = convertedType
    }

    /// Fields of a group, none of a column.
    public var children: [SchemaNode] {
        if case .group(let children) = kind { children } else { [] }
    }
}

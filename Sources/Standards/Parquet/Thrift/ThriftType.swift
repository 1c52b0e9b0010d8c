/// Types of the Thrift compact protocol, as they stand in field and list headers.
///
/// Source: [Thrift compact protocol](https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
enum ThriftType: UInt8 {
    case booleanTrue = 1, booleanFalse, int8, int16, int32, int64, double, binary, list, set, map, structure, uuid
}

/// Header of one field. The value of a boolean stands in the header itself.
struct ThriftField {
    let id: Int16
    let type: ThriftType
}

extension ObjectWriter {
    /// The fields of a type: its number and its parameters.
    mutating func type(_ type: DuckDBType) {
        field(100, type.number)
        switch type {
        case .decimal(let width, let scale):
            field(
                101,
                present: {
                    $0.field(100, 2)
                    $0.field(200, Int(width))
                    if scale > 0 { $0.field(201, Int(scale)) }
                })
        case .list(let element): elements(element)
        case .map(let key, let value):
            // A list of pairs.
            elements(.structure([DuckDBColumn("key", key), DuckDBColumn("value", value)]))
        case .structure(let columns):
            field(
                101,
                present: {
                    $0.field(100, 5)
                    $0.field(200, list: columns) { writer, column in
                        writer.object { pair in
                            pair.field(0, column.name)
                            pair.field(1, object: { $0.type(column.type) })
                        }
                    }
                })
        default: break
        }
    }

    private mutating func elements(_ element: DuckDBType) {
        field(
            101,
            present: {
                $0.field(100, 4)
                $0.field(200, object: { $0.type(element) })
            })
    }
}

extension DuckDBType {
    fileprivate var number: Int {
        switch self {
        case .boolean: 10
        case .tinyint: 11
        case .smallint: 12
        case .integer: 13
        case .bigint: 14
        case .date: 15
        case .time: 16
        case .timestampSeconds: 17
        case .timestampMilliseconds: 18
        case .timestamp: 19
        case .timestampNanoseconds: 20
        case .decimal: 21
        case .float: 22
        case .double: 23
        case .varchar: 25
        case .blob: 26
        case .utinyint: 28
        case .usmallint: 29
        case .uinteger: 30
        case .ubigint: 31
        case .timestampWithTimeZone: 32
        case .uuid: 54
        case .structure: 100
        case .list: 101
        case .map: 102
        }
    }
}

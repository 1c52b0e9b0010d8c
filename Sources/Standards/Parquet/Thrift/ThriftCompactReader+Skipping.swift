extension ThriftCompactReader {
    /// Skips the value of `field`.
    mutating func skip(_ field: ThriftField) throws(ParquetError) {
        switch field.type {
        case .booleanTrue, .booleanFalse: break
        default: try skipElement(field.type)
        }
    }

    /// Skips a structure in a list.
    mutating func skipStructure() throws(ParquetError) { try skipElement(.structure) }

    private mutating func skipElement(_ type: ThriftType) throws(ParquetError) {
        switch type {
        case .booleanTrue, .booleanFalse, .int8: _ = try take(1)
        case .int16, .int32, .int64: _ = try varint()
        case .double: _ = try take(8)
        case .uuid: _ = try take(16)
        case .binary: _ = try binaryElement()
        case .list, .set:
            let (count, rawType) = try listHeader()
            guard count > 0 else { return }
            try skipElements(count, rawType)
        case .map:
            let count = try varint()
            guard count > 0 else { return }
            let types = try byte()
            guard count <= UInt64(bytes.count - offset), let key = ThriftType(rawValue: types >> 4),
                let value = ThriftType(rawValue: types & 0x0f)
            else { throw .malformed(part, "map at offset \(offset)") }
            try nested { (reader) throws(ParquetError) in
                for _ in 0..<count {
                    try reader.skipElement(key)
                    try reader.skipElement(value)
                }
            }
        case .structure:
            var fields = try openStructure()
            while let field = try next(&fields) { try skip(field) }
        }
    }

    private mutating func skipElements(_ count: Int, _ rawType: UInt8) throws(ParquetError) {
        guard let type = ThriftType(rawValue: rawType) else {
            throw .malformed(part, "list of type \(rawType) at offset \(offset)")
        }
        try nested { (reader) throws(ParquetError) in
            for _ in 0..<count { try reader.skipElement(type) }
        }
    }
}

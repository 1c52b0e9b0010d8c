/// Values of a statement's parameters in the binary form of PostgreSQL's protocol.
struct PostgreSQLParameters {
    let types: [UInt32]
    /// Of all values, one after the other.
    private var bytes: [UInt8] = []
    /// Where values begin; `nil`: null.
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []

    /// - Parameter types: `nil`: those of the values.
    init(_ values: [DatabaseValue], types: [UInt32]? = nil) {
        self.types = types ?? values.map(\.postgreSQLType)
        for value in values {
            let start = bytes.count
            value.write(to: &bytes)
            offsets.append(value == .null ? nil : start)
            lengths.append(Int32(bytes.count - start))
        }
        // An empty value at the end has an address, too: a null pointer would mean null.
        bytes.append(0)
    }

    /// Lends what libpq's functions take.
    func withPointers<Result>(
        _ body: (
            _ count: Int32, _ types: UnsafePointer<UInt32>?, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
            _ lengths: UnsafePointer<Int32>?, _ formats: UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        let formats = [Int32](repeating: 1, count: types.count)
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                let values = offsets.map { offset in offset.map { bytes.baseAddress! + $0 } }
                return types.withUnsafeBufferPointer { types in
                    values.withUnsafeBufferPointer { values in
                        lengths.withUnsafeBufferPointer { lengths in
                            formats.withUnsafeBufferPointer { formats in
                                body(
                                    Int32(types.count), types.baseAddress, values.baseAddress, lengths.baseAddress,
                                    formats.baseAddress)
                            }
                        }
                    }
                }
            }
        }
    }
}

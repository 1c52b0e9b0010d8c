/// Decodes booleans, which are bits, or runs of bits.
final class BooleanDecoder: ValueDecoder {
    private var values: [Bool] = []

    func reserve(_ count: Int) {
        values.reserveCapacity(count)
    }

    func setDictionary(_ bytes: UnsafeRawBufferPointer, count: Int) throws(ParquetError) {
        throw .unsupported(.dictionary, "booleans")
    }

    func append(_ bytes: UnsafeRawBufferPointer, count: Int, _ encoding: Encoding) throws(ParquetError) {
        try values.append(count: count) { (output) throws(ParquetError) in
            // Of one bit each: the decoder writes zeros and ones, the representation of booleans in memory.
            let raw = UnsafeMutableRawBufferPointer(output).bindMemory(to: UInt8.self)
            switch encoding {
            case .plain:
                guard bytes.count >= BitPacking.byteCount(count, width: 1) else {
                    throw .truncated(.values, needed: count, available: bytes.count * 8)
                }
                BitPacking.unpack(bytes, width: 1, into: raw)
            case .rle:
                var input = EncodedBytes(bytes, .values)
                try RunLength.decodeBytes(try input.takeCounted(), width: 1, into: raw, .values)
                var maximum: UInt8 = 0
                for value in raw { maximum = max(maximum, value) }
                guard maximum <= 1 else { throw .malformed(.values, "run of \(maximum) as boolean") }
            default: throw .unsupported(.page, "\(encoding) of booleans")
            }
        }
    }

    func finish() -> ColumnValues.Storage { .booleans(values) }
}

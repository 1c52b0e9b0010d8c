/// Decodes byte arrays of one length.
final class FixedLengthDecoder: ValueDecoder {
    private var values: FixedLengthByteArrays
    private var dictionary: FixedLengthByteArrays?
    private var indices: [UInt32] = []
    private let byteCountLimit: Int

    init(length: Int, byteCountLimit: Int) {
        values = FixedLengthByteArrays(bytes: [], length: length, count: 0)
        self.byteCountLimit = byteCountLimit
    }

    private var length: Int { values.length }

    func reserve(_ count: Int) {
        values.bytes.reserveCapacity(count * min(length, 16))
    }

    func setDictionary(_ bytes: UnsafeRawBufferPointer, count: Int) throws(ParquetError) {
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: length)
        guard !overflow, byteCount <= bytes.count else {
            throw .truncated(.dictionary, needed: count, available: bytes.count / max(length, 1))
        }
        dictionary = FixedLengthByteArrays(bytes: [UInt8](bytes.prefix(byteCount)), length: length, count: count)
    }

    func append(_ bytes: UnsafeRawBufferPointer, count: Int, _ encoding: Encoding) throws(ParquetError) {
        let length = length
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: length)
        guard !overflow, byteCount <= byteCountLimit - values.bytes.count else {
            throw .tooLarge(.values, byteCount, limit: byteCountLimit)
        }
        switch encoding {
        case .plain:
            guard byteCount <= bytes.count else { throw .truncated(.values, needed: byteCount, available: bytes.count) }
            values.bytes.append(contentsOf: bytes.prefix(byteCount))
        case .byteStreamSplit:
            guard byteCount == bytes.count else { throw .truncated(.values, needed: byteCount, available: bytes.count) }
            try values.bytes.append(count: byteCount) { (output) throws(ParquetError) in
                try ByteStreamSplit.decode(bytes, width: length, into: UnsafeMutableRawBufferPointer(output))
            }
        case .plainDictionary, .rleDictionary: try appendIndexed(bytes, count, byteCount)
        case .deltaByteArray:
            var arrays = ByteArrays()
            try DeltaByteArrays.append(
                bytes, count: count, byteCountLimit: min(byteCount, Int(UInt32.max)), to: &arrays)
            for index in 0..<count where arrays.range(index).count != length {
                throw .malformed(.values, "\(arrays.range(index).count) bytes in an array of \(length)")
            }
            values.bytes.append(contentsOf: arrays.bytes)
        default: throw .unsupported(.page, "\(encoding) of byte arrays of one length")
        }
        values.count += count
    }

    func finish() -> ColumnValues.Storage { .fixedLengthByteArrays(values) }

    private func appendIndexed(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ byteCount: Int
    ) throws(ParquetError) {
        guard let dictionary else { throw .malformed(.page, "dictionary-coded values without a dictionary") }
        indices.removeAll(keepingCapacity: true)
        try indices.append(count: count) { (output) throws(ParquetError) in
            try RunLength.decodeIndices(bytes, dictionaryCount: dictionary.count, into: output)
        }
        let length = length
        guard length > 0 else { return }
        try values.bytes.append(count: byteCount) { output in
            dictionary.bytes.withUnsafeBytes { dictionary in
                // In bounds: decodeIndices has checked the largest index.
                DictionaryGather.copy(
                    indices, from: dictionary, to: UnsafeMutableRawBufferPointer(output), width: length)
            }
        }
    }
}

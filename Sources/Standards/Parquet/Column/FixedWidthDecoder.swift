/// Decodes numbers whose stored form is that in memory.
final class FixedWidthDecoder<Value: BitwiseCopyable>: ValueDecoder {
    typealias Deltas = (
        UnsafeRawBufferPointer, UnsafeMutableBufferPointer<Value>
    ) throws(ParquetError) -> UnsafeRawBufferPointer

    private var values: [Value] = []
    private var dictionary: [Value]?
    private var indices: [UInt32] = []
    /// Of integers; others cannot have that encoding.
    private let deltas: Deltas?
    private let storage: ([Value]) -> ColumnValues.Storage

    init(deltas: Deltas?, _ storage: @escaping ([Value]) -> ColumnValues.Storage) {
        self.deltas = deltas
        self.storage = storage
    }

    func reserve(_ count: Int) {
        values.reserveCapacity(count)
    }

    func setDictionary(_ bytes: UnsafeRawBufferPointer, count: Int) throws(ParquetError) {
        var dictionary: [Value] = []
        try Self.appendPlain(bytes, count, .dictionary, to: &dictionary)
        self.dictionary = dictionary
    }

    func append(_ bytes: UnsafeRawBufferPointer, count: Int, _ encoding: Encoding) throws(ParquetError) {
        switch encoding {
        case .plain: try Self.appendPlain(bytes, count, .values, to: &values)
        case .plainDictionary, .rleDictionary: try appendIndexed(bytes, count)
        case .byteStreamSplit:
            guard bytes.count == count * MemoryLayout<Value>.size else {
                throw .truncated(.values, needed: count * MemoryLayout<Value>.size, available: bytes.count)
            }
            try values.append(count: count) { (output) throws(ParquetError) in
                try ByteStreamSplit.decode(
                    bytes, width: MemoryLayout<Value>.size, into: UnsafeMutableRawBufferPointer(output))
            }
        case .deltaBinaryPacked:
            guard let deltas else { throw .unsupported(.page, "\(encoding) of \(Value.self)") }
            try values.append(count: count) { (output) throws(ParquetError) in _ = try deltas(bytes, output) }
        default: throw .unsupported(.page, "\(encoding) of \(Value.self)")
        }
    }

    func finish() -> ColumnValues.Storage { storage(values) }

    private static func appendPlain(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ part: ParquetPart, to values: inout [Value]
    ) throws(ParquetError) {
        let width = MemoryLayout<Value>.size
        guard count <= bytes.count / width else {
            throw .truncated(part, needed: count, available: bytes.count / width)
        }
        try values.append(count: count) { output in
            UnsafeMutableRawBufferPointer(output).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count * width)))
        }
    }

    private func appendIndexed(_ bytes: UnsafeRawBufferPointer, _ count: Int) throws(ParquetError) {
        guard let dictionary else { throw .malformed(.page, "dictionary-coded values without a dictionary") }
        indices.removeAll(keepingCapacity: true)
        try indices.append(count: count) { (output) throws(ParquetError) in
            try RunLength.decodeIndices(bytes, dictionaryCount: dictionary.count, into: output)
        }
        try values.append(count: count) { output in
            dictionary.withUnsafeBytes { dictionary in
                // In bounds: decodeIndices has checked the largest index.
                DictionaryGather.copy(
                    indices, from: dictionary, to: UnsafeMutableRawBufferPointer(output),
                    width: MemoryLayout<Value>.size)
            }
        }
    }
}

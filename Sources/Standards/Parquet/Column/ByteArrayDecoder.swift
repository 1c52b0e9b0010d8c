/// Decodes byte arrays; on request it returns dictionary indices instead, if all pages are dictionary-coded.
final class ByteArrayDecoder: ValueDecoder {
    private var values = ByteArrays()
    private var dictionary: ByteArrays?
    /// Indices of all pages when they are returned, else of one page.
    private var indices: [UInt32] = []
    private var keepsIndices: Bool
    private let byteCountLimit: Int

    init(byteCountLimit: Int, keepsDictionary: Bool) {
        self.byteCountLimit = min(byteCountLimit, Int(UInt32.max))
        keepsIndices = keepsDictionary
    }

    func reserve(_ count: Int) {
        if keepsIndices {
            indices.reserveCapacity(count)
        } else {
            values.offsets.reserveCapacity(count + 1)
        }
    }

    func setDictionary(_ bytes: UnsafeRawBufferPointer, count: Int) throws(ParquetError) {
        var dictionary = ByteArrays()
        try PlainByteArrays.append(bytes, count: count, byteCountLimit: byteCountLimit, .dictionary, to: &dictionary)
        self.dictionary = dictionary
    }

    func append(_ bytes: UnsafeRawBufferPointer, count: Int, _ encoding: Encoding) throws(ParquetError) {
        let isIndexed = encoding == .plainDictionary || encoding == .rleDictionary
        if keepsIndices, !isIndexed { try giveUpIndices() }
        switch encoding {
        case .plain:
            try PlainByteArrays.append(bytes, count: count, byteCountLimit: byteCountLimit, .values, to: &values)
        case .plainDictionary, .rleDictionary: try appendIndexed(bytes, count)
        case .deltaLengthByteArray:
            try DeltaByteArrays.appendDeltaLength(bytes, count: count, byteCountLimit: byteCountLimit, to: &values)
        case .deltaByteArray:
            try DeltaByteArrays.append(bytes, count: count, byteCountLimit: byteCountLimit, to: &values)
        default: throw .unsupported(.page, "\(encoding) of byte arrays")
        }
    }

    func finish() -> ColumnValues.Storage {
        if keepsIndices, let dictionary { return .dictionaryByteArrays(indices: indices, dictionary: dictionary) }
        return .byteArrays(values)
    }

    private func appendIndexed(_ bytes: UnsafeRawBufferPointer, _ count: Int) throws(ParquetError) {
        guard let dictionary else { throw .malformed(.page, "dictionary-coded values without a dictionary") }
        if !keepsIndices { indices.removeAll(keepingCapacity: true) }
        try indices.append(count: count) { (output) throws(ParquetError) in
            try RunLength.decodeIndices(bytes, dictionaryCount: dictionary.count, into: output)
        }
        if !keepsIndices { try gather(dictionary) }
    }

    /// Called when a page has another encoding: writers fall back when the dictionary grows too large.
    private func giveUpIndices() throws(ParquetError) {
        keepsIndices = false
        if let dictionary { try gather(dictionary) }
    }

    /// Appends the members of `dictionary` at `indices`, all of which are in its bounds.
    private func gather(_ dictionary: ByteArrays) throws(ParquetError) {
        let start = values.bytes.count
        var total = 0
        let indices = indices
        let limit = byteCountLimit
        let added = try dictionary.offsets.withUnsafeBufferPointer { (source) throws(ParquetError) in
            try values.offsets.append(count: indices.count) { (offsets) throws(ParquetError) in
                for (position, index) in indices.enumerated() {
                    total &+= Int(source[Int(index) &+ 1] &- source[Int(index)])
                    offsets[position] = UInt32(truncatingIfNeeded: start &+ total)
                }
                // Does not overflow before: 2^32 bytes times 2^28 values.
                guard total <= limit - start else { throw .tooLarge(.values, start + total, limit: limit) }
            }
            return total
        }
        try values.bytes.append(count: added) { output in
            dictionary.bytes.withUnsafeBytes { bytes in
                dictionary.offsets.withUnsafeBufferPointer { source in
                    guard var target = output.baseAddress.map({ UnsafeMutableRawPointer($0) }),
                        let base = bytes.baseAddress
                    else { return }
                    for index in indices {
                        let begin = Int(source[Int(index)])
                        let length = Int(source[Int(index) &+ 1]) &- begin
                        target.copyMemory(from: base + begin, byteCount: length)
                        target += length
                    }
                }
            }
        }
    }
}

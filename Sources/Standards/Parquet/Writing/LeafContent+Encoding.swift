extension LeafContent {
    /// The encoding of values without a dictionary.
    var encodingWithoutDictionary: Encoding {
        switch leaf.physicalType {
        case .byteArray where settings.usesPrefixes: .deltaByteArray
        case .double where settings.splitsBytes, .float where settings.splitsBytes: .byteStreamSplit
        case .int32 where settings.usesDifferences, .int64 where settings.usesDifferences: .deltaBinaryPacked
        default: .plain
        }
    }

    /// The dictionary as its page holds it.
    func appendDictionary(to output: inout [UInt8]) {
        appendPlain(0..<dictionaryCount, to: &output)
    }

    /// The values with these numbers, as a data page holds them.
    func appendValues(_ values: Range<Int>, to output: inout [UInt8]) {
        if hasDictionary {
            let encoder = RunLengthEncoder(
                bitWidth: RunLengthEncoder.bitWidth(maximum: UInt32(max(dictionaryCount, 1) - 1)))
            output.append(UInt8(encoder.bitWidth))
            indices.withUnsafeBufferPointer {
                encoder.encode(UnsafeBufferPointer(rebasing: $0[values]), into: &output)
            }
            return
        }
        switch encodingWithoutDictionary {
        case .deltaByteArray: withByteArrays { $0.delta(values, into: &output) }
        case .byteStreamSplit: appendSplit(values, to: &output)
        case .deltaBinaryPacked:
            words.withUnsafeBufferPointer { words in
                words.withMemoryRebound(to: Int64.self) {
                    DeltaEncoder.encode(
                        UnsafeBufferPointer(rebasing: $0[values]), isNarrow: leaf.physicalType == .int32,
                        into: &output)
                }
            }
        default: appendPlain(values, to: &output)
        }
    }

    private func withByteArrays(_ body: (ByteArrayEncoder) -> Void) {
        heap.withUnsafeBufferPointer { heap in
            ends.withUnsafeBufferPointer { ends in body(ByteArrayEncoder(heap: heap, ends: ends)) }
        }
    }

    private func appendPlain(_ values: Range<Int>, to output: inout [UInt8]) {
        switch leaf.physicalType {
        case .boolean:
            words.withUnsafeBufferPointer {
                packBits(
                    UnsafeBufferPointer(rebasing: $0[values]), paddedCount: values.count, bitWidth: 1, into: &output)
            }
        case .int32, .float:
            output.reserveCapacity(output.count + 4 * values.count)
            for index in values { output.appendLittleEndian(UInt32(truncatingIfNeeded: words[index])) }
        case .int64, .double, .int96:
            output.reserveCapacity(output.count + 8 * values.count)
            for index in values { output.appendLittleEndian(words[index]) }
        case .byteArray: withByteArrays { $0.plain(values, into: &output) }
        case .fixedLengthByteArray: withByteArrays { $0.fixedLength(values, into: &output) }
        }
    }

    /// Source: [Parquet encodings, BYTE_STREAM_SPLIT](
    /// https://parquet.apache.org/docs/file-format/data-pages/encodings/#BYTE_STREAM_SPLIT).
    private func appendSplit(_ values: Range<Int>, to output: inout [UInt8]) {
        for byte in 0..<(leaf.physicalType == .float ? 4 : 8) {
            for index in values { output.append(UInt8(truncatingIfNeeded: words[index] >> UInt64(8 * byte))) }
        }
    }
}

/// Writes byte arrays that lie one after the other in a heap.
///
/// Source: [Parquet encodings](https://parquet.apache.org/docs/file-format/data-pages/encodings/).
struct ByteArrayEncoder {
    let heap: UnsafeBufferPointer<UInt8>
    /// The end of each value in the heap.
    let ends: UnsafeBufferPointer<Int>

    private func start(_ index: Int) -> Int { index == 0 ? 0 : ends[index - 1] }

    private func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: heap[start(index)..<ends[index]])
    }

    /// PLAIN: each value behind its length.
    func plain(_ range: Range<Int>, into output: inout [UInt8]) {
        guard let last = range.last else { return }
        output.reserveCapacity(output.count + ends[last] - start(range.lowerBound) + 4 * range.count)
        for index in range {
            let value = bytes(index)
            output.appendLittleEndian(UInt32(value.count))
            output.append(contentsOf: value)
        }
    }

    /// PLAIN of FIXED_LEN_BYTE_ARRAY: nothing but the values.
    func fixedLength(_ range: Range<Int>, into output: inout [UInt8]) {
        guard let last = range.last else { return }
        output.append(contentsOf: heap[start(range.lowerBound)..<ends[last]])
    }

    /// DELTA_BYTE_ARRAY: the part of each value that differs from the previous one.
    func delta(_ range: Range<Int>, into output: inout [UInt8]) {
        var prefixes: [Int64] = []
        var suffixes: [Int64] = []
        prefixes.reserveCapacity(range.count)
        suffixes.reserveCapacity(range.count)
        var previous = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        for index in range {
            let value = bytes(index)
            let prefix = commonPrefixCount(previous, value)
            prefixes.append(Int64(prefix))
            suffixes.append(Int64(value.count - prefix))
            previous = value
        }
        prefixes.withUnsafeBufferPointer { DeltaEncoder.encode($0, into: &output) }
        suffixes.withUnsafeBufferPointer { DeltaEncoder.encode($0, into: &output) }
        for (offset, index) in range.enumerated() {
            output.append(contentsOf: bytes(index)[Int(prefixes[offset])...])
        }
    }

    private func commonPrefixCount(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let count = min(left.count, right.count)
        guard count > 0, let first = left.baseAddress, let second = right.baseAddress else { return 0 }
        var at = 0
        // In bounds: eight bytes are read only where eight are left in both.
        while at + 8 <= count {
            let difference =
                UnsafeRawPointer(first + at).loadUnaligned(as: UInt64.self).littleEndian
                ^ UnsafeRawPointer(second + at).loadUnaligned(as: UInt64.self).littleEndian
            if difference != 0 { return at + difference.trailingZeroBitCount >> 3 }
            at += 8
        }
        while at < count, first[at] == second[at] { at += 1 }
        return at
    }
}

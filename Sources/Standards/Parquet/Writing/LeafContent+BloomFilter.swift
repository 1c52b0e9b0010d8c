extension LeafContent {
    /// A filter over the values; `nil` for a column without one.
    func bloomFilter(_ settings: WriterSettings) -> BloomFilter? {
        guard self.settings.hasBloomFilter, valueCount > 0, leaf.physicalType != .boolean else { return nil }
        var filter = BloomFilter(
            distinctCount: dictionaryCount, falsePositiveRate: settings.bloomFalsePositiveRate)
        for index in 0..<dictionaryCount {
            switch leaf.physicalType {
            case .byteArray, .fixedLengthByteArray:
                let start = index == 0 ? 0 : ends[index - 1]
                heap.withUnsafeBytes { filter.insert(UnsafeRawBufferPointer(rebasing: $0[start..<ends[index]])) }
            case .int32, .float:
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: words[index]).littleEndian) { filter.insert($0) }
            default:
                withUnsafeBytes(of: words[index].littleEndian) { filter.insert($0) }
            }
        }
        return filter
    }
}

extension LeafContent {
    /// Entries and values of one page.
    struct Page {
        var rows: Range<Int>
        var entries: Range<Int>
        var values: Range<Int>

        var nullCount: Int { entries.count - values.count }
    }

    /// Pages of whole units, each of the configured size; the last one may be smaller.
    func pages(_ settings: WriterSettings) -> [Page] {
        var pages: [Page] = []
        let pageByteCount = self.settings.pageByteCount ?? settings.pageByteCount
        var start = Unit(rowEnd: 0, entryEnd: 0, valueEnd: 0)
        for (index, unit) in units.enumerated() {
            let values = start.valueEnd..<unit.valueEnd
            let isLast = index == units.count - 1
            guard isLast || byteCount(of: values) + unit.entryEnd - start.entryEnd >= pageByteCount else {
                continue
            }
            pages.append(
                Page(rows: start.rowEnd..<unit.rowEnd, entries: start.entryEnd..<unit.entryEnd, values: values))
            start = unit
        }
        return pages
    }

    /// About as many bytes as these values take in a page.
    private func byteCount(of values: Range<Int>) -> Int {
        if hasDictionary {
            return values.count * RunLengthEncoder.bitWidth(maximum: UInt32(max(dictionaryCount, 1) - 1)) / 8
        }
        switch leaf.physicalType {
        case .byteArray, .fixedLengthByteArray:
            guard let last = values.last else { return 0 }
            return ends[last] - (values.lowerBound == 0 ? 0 : ends[values.lowerBound - 1]) + 4 * values.count
        case .boolean: return values.count / 8
        case .int32, .float: return 4 * values.count
        default: return 8 * values.count
        }
    }

    /// The levels of a page, the repetition levels first.
    ///
    /// - Parameter isPrefixed: Whether their length stands before each kind, as in the first version of data pages.
    /// - Returns: Bytes of each kind, with the prefix.
    func appendLevels(
        _ page: Page, isPrefixed: Bool, to output: inout [UInt8]
    ) -> (repetition: Int, definition: Int) {
        let start = output.count
        Self.append(repetitionLevels, page.entries, leaf.maxRepetitionLevel, isPrefixed, to: &output)
        let middle = output.count
        Self.append(definitionLevels, page.entries, leaf.maxDefinitionLevel, isPrefixed, to: &output)
        return (middle - start, output.count - middle)
    }

    private static func append(
        _ levels: [UInt8], _ entries: Range<Int>, _ maximum: Int, _ isPrefixed: Bool, to output: inout [UInt8]
    ) {
        guard maximum > 0 else { return }
        let start = output.count
        if isPrefixed { output.appendLittleEndian(UInt32(0)) }
        let encoder = RunLengthEncoder(bitWidth: RunLengthEncoder.bitWidth(maximum: UInt32(maximum)))
        levels.withUnsafeBufferPointer {
            encoder.encode(UnsafeBufferPointer(rebasing: $0[entries]), into: &output)
        }
        guard isPrefixed else { return }
        let byteCount = UInt32(output.count - start - 4)
        for byte in 0..<4 { output[start + byte] = UInt8(truncatingIfNeeded: byteCount >> UInt32(8 * byte)) }
    }
}

extension ColumnValues {
    /// The values of some of the rows.
    ///
    /// - Parameter ranges: Of rows, ascending, within `rowCount`.
    func selecting(_ ranges: [Range<Int>], maxDefinitionLevel: Int) -> ColumnValues {
        if ranges == [0..<rowCount] { return self }
        let levelRanges = self.levelRanges(ofRows: ranges)
        let valueRanges = self.valueRanges(ofLevels: levelRanges, maxDefinitionLevel)
        return ColumnValues(
            values: values.selecting(valueRanges),
            definitionLevels: definitionLevels.map { Self.pick($0, levelRanges) },
            repetitionLevels: repetitionLevels.map { Self.pick($0, levelRanges) },
            rowCount: ranges.reduce(0) { $0 + $1.count })
    }

    private func levelRanges(ofRows ranges: [Range<Int>]) -> [Range<Int>] {
        guard let repetitionLevels else { return ranges }
        return repetitionLevels.withUnsafeBufferPointer { Self.levelRanges(ofRows: ranges, $0) }
    }

    private static func levelRanges(
        ofRows ranges: [Range<Int>], _ repetitionLevels: UnsafeBufferPointer<UInt8>
    ) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var row = -1
        var level = 0
        // Position of the first level of a row; calls come with ascending rows.
        func start(ofRow wanted: Int) -> Int {
            while level < repetitionLevels.count {
                if repetitionLevels[level] == 0 {
                    if row + 1 == wanted { return level }
                    row += 1
                }
                level += 1
            }
            return level
        }
        for range in ranges {
            let lower = start(ofRow: range.lowerBound)
            result.append(lower..<start(ofRow: range.upperBound))
        }
        return result
    }

    private func valueRanges(ofLevels ranges: [Range<Int>], _ maxDefinitionLevel: Int) -> [Range<Int>] {
        guard let definitionLevels, values.count < definitionLevels.count else { return ranges }
        return definitionLevels.withUnsafeBufferPointer { levels in
            var at = 0
            var value = 0
            func advance(to level: Int) -> Int {
                value += UnsafeBufferPointer(rebasing: levels[at..<level])
                    .occurrences(of: UInt8(maxDefinitionLevel))
                at = level
                return value
            }
            return ranges.map { range in
                let lower = advance(to: range.lowerBound)
                return lower..<advance(to: range.upperBound)
            }
        }
    }

    fileprivate static func pick<Element>(_ elements: [Element], _ ranges: [Range<Int>]) -> [Element] {
        var picked: [Element] = []
        picked.reserveCapacity(ranges.reduce(0) { $0 + $1.count })
        for range in ranges { picked.append(contentsOf: elements[range]) }
        return picked
    }
}

extension ColumnValues.Storage {
    fileprivate func selecting(_ ranges: [Range<Int>]) -> Self {
        switch self {
        case .booleans(let values): .booleans(ColumnValues.pick(values, ranges))
        case .int32(let values): .int32(ColumnValues.pick(values, ranges))
        case .int64(let values): .int64(ColumnValues.pick(values, ranges))
        case .float(let values): .float(ColumnValues.pick(values, ranges))
        case .double(let values): .double(ColumnValues.pick(values, ranges))
        case .dictionaryByteArrays(let indices, let dictionary):
            .dictionaryByteArrays(indices: ColumnValues.pick(indices, ranges), dictionary: dictionary)
        case .byteArrays(let values): .byteArrays(Self.pick(values, ranges))
        case .fixedLengthByteArrays(let values):
            .fixedLengthByteArrays(
                FixedLengthByteArrays(
                    bytes: ColumnValues.pick(
                        values.bytes, ranges.map { $0.lowerBound * values.length..<$0.upperBound * values.length }),
                    length: values.length, count: ranges.reduce(0) { $0 + $1.count }))
        }
    }

    private static func pick(_ values: ByteArrays, _ ranges: [Range<Int>]) -> ByteArrays {
        var picked = ByteArrays()
        for range in ranges { picked.append(contentsOf: values, in: range) }
        return picked
    }
}

extension SegmentLayout {
    /// Looks whether what the sections of a file hold leads out of them: row numbers, places and codes of strings.
    ///
    /// The checksum says that the file is as it was written, not who has written it. Reads all of it: a few milliseconds for
    /// 131,072 rows.
    func validate(in storage: SegmentStorage) throws(SegmentError) {
        guard 1...storage.byteCount ~= rowCount, 0...rowCount ~= locatedCount, !treeLevels.isEmpty else {
            throw SegmentError(description: "no rows, or more than a file of its size holds")
        }
        for section in [sequenceOrder, timeOrder, idRanks, idOrder] {
            try storage.validate(section, count: rowCount, as: UInt32.self, below: rowCount)
        }
        try storage.validateDictionary(count: rowCount, blocks: idBlocks, bytes: idBytes)
        let offsets: UnsafePointer<UInt32> = try storage.elements(geometryOffsets, count: rowCount + 1)
        // In bounds: there is one more offset than rows.
        guard (0..<rowCount).allSatisfy({ offsets[$0] <= offsets[$0 + 1] }), offsets[rowCount] <= geometries.count
        else {
            throw SegmentError(description: "a geometry lies outside its section")
        }
        for column in columns {
            for part in column.parts { try part.validate(in: storage, rowCount: rowCount) }
        }
    }
}

extension SegmentLayout.Part {
    fileprivate func validate(in storage: SegmentStorage, rowCount: Int) throws(SegmentError) {
        switch kind {
        case .number:
            let low = Double(bitPattern: UInt64(bitPattern: minimum))
            // 2^53, beyond which doubles are not exact; a sum with 32 bits cannot overflow then.
            guard low <= Double(bitPattern: UInt64(bitPattern: maximum)), base.magnitude <= 1 << 53 else {
                throw SegmentError(description: "a column of numbers without a range")
            }
        case .timestamp:
            guard minimum <= maximum else { throw SegmentError(description: "a column of times without a range") }
        case .string:
            guard dictionaryCount > 0, 0..<Int64(dictionaryCount) ~= base, let dictionaryBlocks, let dictionaryBytes
            else {
                throw SegmentError(description: "a column of strings without strings")
            }
            try storage.validateDictionary(count: dictionaryCount, blocks: dictionaryBlocks, bytes: dictionaryBytes)
            let bound = dictionaryCount - Int(base)
            let codes = values ?? .none
            switch encoding {
            case .unsigned8: try storage.validate(codes, count: rowCount, as: UInt8.self, below: bound)
            case .unsigned16: try storage.validate(codes, count: rowCount, as: UInt16.self, below: bound)
            case .unsigned32: try storage.validate(codes, count: rowCount, as: UInt32.self, below: bound)
            default: break
            }
        case .bool, .complex: break
        }
    }
}

extension SegmentStorage {
    fileprivate func validate<Element: FixedWidthInteger & BitwiseCopyable>(
        _ section: SegmentLayout.Section, count: Int, as type: Element.Type, below bound: Int
    ) throws(SegmentError) {
        let elements: UnsafePointer<Element> = try elements(section, count: count)
        var largest: Element = 0
        for index in 0..<count { largest = max(largest, elements[index]) }
        guard largest < bound else { throw SegmentError(description: "a number beyond its range") }
    }

    fileprivate func validateDictionary(
        count: Int, blocks: SegmentLayout.Section, bytes: SegmentLayout.Section
    ) throws(SegmentError) {
        guard count <= byteCount else { throw SegmentError(description: "more strings than bytes") }
        let blockCount = (count + StringDictionary.blockSize - 1) / StringDictionary.blockSize
        let dictionary = StringDictionary(
            count: count, blockOffsets: try elements(blocks, count: blockCount), bytes: try elements(bytes))
        guard dictionary.isContained(in: bytes.count) else {
            throw SegmentError(description: "a string lies outside its section")
        }
    }
}

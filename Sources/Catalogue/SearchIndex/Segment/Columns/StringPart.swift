struct StringPart {
    let presence: Presence
    let dictionary: StringDictionary
    /// `StringHash`es by rank; `nil` where there are few strings.
    let hashes: UnsafePointer<UInt64>?
    let codes: PackedIntegers
    /// Rank of the integer 0.
    let base: UInt32

    init(_ part: SegmentLayout.Part, _ presence: Presence, _ storage: SegmentStorage) throws(SegmentError) {
        self.presence = presence
        guard part.dictionaryCount > 0, part.base >= 0, part.base <= UInt32.max else {
            throw SegmentError(description: "a column of strings without strings")
        }
        base = UInt32(part.base)
        dictionary = StringDictionary(
            count: part.dictionaryCount, blockOffsets: try storage.elements(part.dictionaryBlocks ?? .none),
            bytes: try storage.elements(part.dictionaryBytes ?? .none))
        hashes = try part.dictionaryHashes.map { section throws(SegmentError) in
            try storage.elements(section, count: part.dictionaryCount)
        }
        codes = try PackedIntegers(part, storage, rowCount: presence.rowCount)
    }

    func rank(_ row: Int) -> Int { Int(base + codes[row]) }

    subscript(row: Int) -> String { dictionary[rank(row)] }

    /// Keeps the rows whose string has a rank in the range. Presence is not checked.
    func keep(_ ranks: Range<Int>, in rows: inout Bitmap) {
        let low = UInt64(max(0, ranks.lowerBound - Int(base)))
        codes.keep(low..<max(low, UInt64(max(0, ranks.upperBound - Int(base)))), in: &rows)
    }

    /// Keeps the rows whose string's rank is in the set. Presence is not checked.
    func keep(_ ranks: Bitmap, in rows: inout Bitmap) {
        if let first = ranks.first, let last = ranks.last, last - first < ranks.population {
            return keep(first..<last + 1, in: &rows)
        }
        ranks.words.withUnsafeBufferPointer { words in
            let base = Int(base)
            // The filler of a row without a string may be in the set or not: presence is not checked.
            func isIn(_ code: Int) -> Bool {
                let rank = base + code
                return rank >> 6 < words.count && words[rank >> 6] >> UInt64(rank & 63) & 1 != 0
            }
            switch codes.width {
            case .constant: if !isIn(0) { rows = Bitmap(count: rows.count) }
            case .one(let codes): keepRows(&rows) { isIn(Int(codes[$0])) }
            case .two(let codes): keepRows(&rows) { isIn(Int(codes[$0])) }
            case .four(let codes): keepRows(&rows) { isIn(Int(codes[$0])) }
            }
        }
    }
}

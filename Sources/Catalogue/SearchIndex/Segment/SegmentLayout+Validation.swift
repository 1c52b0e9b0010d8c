extension SegmentLayout {
    /// Validates the layout of a file by itself, without reading the sections.
    ///
    /// A checksum proves that the file is unchanged, not who wrote it.
    func validateNumbers(byteCount: Int) throws(SegmentError) {
        guard 1...byteCount ~= rowCount, 0...rowCount ~= locatedCount, !treeLevels.isEmpty else {
            throw SegmentError(description: "no rows, or more than a file of its size holds")
        }
        for column in columns {
            for part in column.parts { try part.validateNumbers() }
        }
        try text?.validateNumbers(byteCount: byteCount)
        if let wordPositions {
            // Each cell of a document but the first is full of words, whose positions take a byte or more.
            guard text != nil, 0...byteCount ~= wordPositions.cellCount else {
                throw SegmentError(description: "positions of words without words")
            }
        }
    }

    /// Validates that all references in a file's sections are in bounds: row numbers, locations and codes of strings.
    ///
    /// Reads all of it: a few milliseconds for 131,072 rows.
    func validate(in storage: SegmentStorage) throws(SegmentError) {
        for section in [sequenceOrder, timeOrder, idRanks, idOrder] {
            try storage.validate(section, count: rowCount, as: UInt32.self, below: rowCount)
        }
        try storage.validateDictionary(count: rowCount, blocks: idBlocks, bytes: idBytes)
        let offsets: UnsafePointer<UInt32> = try storage.elements(geometryOffsets, count: rowCount + 1)
        // In bounds: there is one more offset than rows.
        guard (0..<rowCount).allSatisfy({ offsets[$0] <= offsets[$0 + 1] }), offsets[rowCount] <= geometries.count
        else { throw SegmentError(description: "a geometry lies outside its section") }
        for column in columns {
            for part in column.parts where part.kind == .string {
                try part.validateStrings(in: storage, rowCount: rowCount)
            }
        }
        try text?.validate(in: storage, rowCount: rowCount)
        if let wordPositions, let text { try wordPositions.validate(in: storage, text) }
    }
}

extension SegmentLayout.Text {
    fileprivate func validateNumbers(byteCount: Int) throws(SegmentError) {
        guard documents.kind == .string, 0...byteCount ~= wordCount else {
            throw SegmentError(description: "texts without words")
        }
        try documents.validateNumbers()
    }

    fileprivate func validate(in storage: SegmentStorage, rowCount: Int) throws(SegmentError) {
        try documents.validateStrings(in: storage, rowCount: rowCount)
        try storage.validateDictionary(count: wordCount, blocks: wordBlocks, bytes: wordBytes)
        try storage.validatePostings(
            count: wordCount, offsets: postingOffsets, postings: postings, documents: documents.dictionaryCount)
    }
}

extension SegmentLayout.WordPositions {
    /// After the texts themselves.
    fileprivate func validate(in storage: SegmentStorage, _ text: SegmentLayout.Text) throws(SegmentError) {
        let documents = text.documents.dictionaryCount
        if let cellStarts {
            let starts: UnsafePointer<UInt32> = try storage.elements(cellStarts, count: documents + 1)
            // In bounds: there is one more start than documents.
            guard (0..<documents).allSatisfy({ starts[$0] <= starts[$0 + 1] }), starts[documents] <= cellCount
            else { throw SegmentError(description: "a document's cells lie outside the others") }
        }
        let places: UnsafePointer<UInt32> = try storage.elements(offsets, count: text.wordCount + 1)
        guard (0..<text.wordCount).allSatisfy({ places[$0] <= places[$0 + 1] }),
            places[text.wordCount] <= positions.count
        else { throw SegmentError(description: "a word's positions lie outside their section") }
        let postings = PostingLists(
            offsets: try storage.elements(text.postingOffsets, count: text.wordCount + 1),
            bytes: try storage.elements(text.postings), documentCount: documents)
        let read = try WordPositions(self, storage: storage, documents: documents, words: text.wordCount)
        for word in 0..<text.wordCount {
            guard read.isContained(word: word, documents: postings.documents(ofWord: word)) else {
                throw SegmentError(description: "a word stands where no document is")
            }
        }
    }
}

extension SegmentLayout.Part {
    fileprivate func validateNumbers() throws(SegmentError) {
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
            guard 1...Int(UInt32.max) ~= dictionaryCount, 0..<Int64(dictionaryCount) ~= base else {
                throw SegmentError(description: "a column of strings without strings")
            }
        case .bool, .complex: break
        }
    }

    fileprivate func validateStrings(in storage: SegmentStorage, rowCount: Int) throws(SegmentError) {
        try storage.validateDictionary(
            count: dictionaryCount, blocks: dictionaryBlocks ?? .none, bytes: dictionaryBytes ?? .none)
        let codes = values ?? .none
        let bound = dictionaryCount - Int(base)
        switch encoding {
        case .unsigned8: try storage.validate(codes, count: rowCount, as: UInt8.self, below: bound)
        case .unsigned16: try storage.validate(codes, count: rowCount, as: UInt16.self, below: bound)
        case .unsigned32: try storage.validate(codes, count: rowCount, as: UInt32.self, below: bound)
        default: break
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

    /// - Parameter documents: Their number.
    fileprivate func validatePostings(
        count: Int, offsets: SegmentLayout.Section, postings: SegmentLayout.Section, documents: Int
    ) throws(SegmentError) {
        let places: UnsafePointer<UInt32> = try elements(offsets, count: count + 1)
        let bytes: UnsafePointer<UInt8> = try elements(postings)
        // In bounds: there is one more offset than lists.
        guard (0..<count).allSatisfy({ places[$0] <= places[$0 + 1] }), places[count] <= postings.count
        else { throw SegmentError(description: "a word's documents lie outside their section") }
        for word in 0..<count {
            let range = Int(places[word])..<Int(places[word + 1])
            guard Postings(bytes: bytes, range: range).isContained(in: documents) else {
                throw SegmentError(description: "a word is in documents that are not there")
            }
        }
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

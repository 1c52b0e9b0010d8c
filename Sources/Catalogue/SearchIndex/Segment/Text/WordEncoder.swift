/// Writes the documents of each word, and its positions in them.
struct WordEncoder {
    private let text: UnsafeRawBufferPointer
    private let documents: [UInt64]
    /// Precedes each text in lists of word numbers.
    private static let gap = UInt32.max

    /// - Parameters:
    ///   - text: The text of a `ColumnBatch`.
    ///   - documents: Locations of distinct documents by rank.
    init(text: UnsafeRawBufferPointer, documents: [UInt64]) {
        self.text = text
        self.documents = documents
    }

    /// - Returns: The words' positions are `nil` where reading the documents costs next to nothing.
    func encode(
        _ part: SegmentLayout.Part, into writer: inout SegmentWriter
    ) -> (SegmentLayout.Text, SegmentLayout.WordPositions?) {
        var table = StringTable(text: text)
        var counts: [Int] = []
        // Each word of each document once: the number of the word and the rank of the document.
        var occurrences: [(key: UInt32, document: UInt32)] = []
        var lastDocument: [Int] = []
        // All words of all documents, by number, in text order; `gap` before each text.
        var words: [UInt32] = []
        // Start of each document among them.
        var starts: [Int] = []
        for (rank, place) in documents.enumerated() {
            starts.append(words.count)
            forEachWord(of: place) { word in
                guard let word else { return words.append(Self.gap) }
                let number = table.number(of: word)
                words.append(UInt32(number))
                if number == counts.count {
                    counts.append(0)
                    lastDocument.append(-1)
                }
                guard lastDocument[number] != rank else { return }
                lastDocument[number] = rank
                counts[number] += 1
                occurrences.append((UInt32(number), UInt32(rank)))
            }
        }
        let places = table.places
        let sorted = places.indices.sorted { compareBytes(text.at(places[$0]), text.at(places[$1])) < 0 }
        var dictionary = StringDictionaryEncoder()
        for number in sorted { dictionary.append(text.at(places[number])) }
        let postings = PostingsEncoder(occurrences, counts: counts, order: sorted)
        let layout = SegmentLayout.Text(
            documents: part, wordCount: places.count, wordBlocks: writer.append(dictionary.blockOffsets),
            wordBytes: writer.append(dictionary.bytes), postingOffsets: writer.append(postings.offsets),
            postings: writer.append(postings.bytes))
        guard documents.count >= Self.leastDocumentCount else { return (layout, nil) }
        let positions = PositionsEncoder(words, gap: Self.gap, starts: starts, order: sorted)
        return (
            layout,
            SegmentLayout.WordPositions(
                cellCount: Int(positions.cellStarts[documents.count]),
                cellStarts: positions.isPlain ? nil : writer.append(positions.cellStarts),
                offsets: writer.append(positions.offsets), positions: writer.append(positions.bytes))
        )
    }

    /// Minimum number of documents for which word positions are written.
    private static let leastDocumentCount = 1_024

    /// Calls `body` with the location of each word in the text, and with `nil` before each of a document's texts.
    private func forEachWord(of document: UInt64, _ body: (UInt64?) -> Void) {
        let start = Int(document >> 24)
        let bytes = text.at(document)
        var wordStart = 0
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: " ") {
            if offset > wordStart {
                body(ColumnBatch.place(offset: start + wordStart, length: offset - wordStart))
            } else {
                // The next separator, one space or two: see `FreeTextDocument`.
                body(nil)
            }
            wordStart = offset + 1
        }
    }
}

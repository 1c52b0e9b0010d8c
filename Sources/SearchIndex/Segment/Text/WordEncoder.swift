/// Writes which documents hold which words.
struct WordEncoder {
    private let text: UnsafeRawBufferPointer
    private let documents: [UInt64]

    /// - Parameters:
    ///   - text: The text of a `ColumnBatch`.
    ///   - documents: Places of distinct documents by rank.
    init(text: UnsafeRawBufferPointer, documents: [UInt64]) {
        self.text = text
        self.documents = documents
    }

    func encode(_ part: SegmentLayout.Part, into writer: inout SegmentWriter) -> SegmentLayout.Text {
        var table = StringTable(text: text)
        var counts: [Int] = []
        // Each word of each document once: the number of the word and the rank of the document.
        var occurrences: [(word: UInt32, document: UInt32)] = []
        var lastDocument: [Int] = []
        for (rank, place) in documents.enumerated() {
            forEachWord(of: place) { word in
                let number = table.number(of: word)
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
        // Where the documents of each word start, by the word's number.
        var starts = [Int](repeating: 0, count: places.count)
        var total = 0
        for number in sorted {
            dictionary.append(text.at(places[number]))
            starts[number] = total
            total += counts[number]
        }
        var ranks = [UInt32](repeating: 0, count: total)
        var filled = starts
        for (word, document) in occurrences {
            ranks[filled[Int(word)]] = document
            filled[Int(word)] += 1
        }
        var offsets: [UInt32] = [0]
        var postings: [UInt8] = []
        for number in sorted {
            var previous: UInt32 = 0
            for rank in ranks[starts[number]..<starts[number] + counts[number]] {
                var distance = rank - previous
                previous = rank
                while distance >= 0x80 {
                    postings.append(UInt8(truncatingIfNeeded: distance) | 0x80)
                    distance >>= 7
                }
                postings.append(UInt8(distance))
            }
            offsets.append(UInt32(postings.count))
        }
        return SegmentLayout.Text(
            documents: part, wordCount: places.count, wordBlocks: writer.append(dictionary.blockOffsets),
            wordBytes: writer.append(dictionary.bytes), postingOffsets: writer.append(offsets),
            postings: writer.append(postings))
    }

    /// Calls `body` with the place of each word in the text.
    private func forEachWord(of document: UInt64, _ body: (UInt64) -> Void) {
        let start = Int(document >> 24)
        let bytes = text.at(document)
        var wordStart = 0
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: " ") {
            if offset > wordStart {
                body(ColumnBatch.place(offset: start + wordStart, length: offset - wordStart))
            }
            wordStart = offset + 1
        }
    }
}

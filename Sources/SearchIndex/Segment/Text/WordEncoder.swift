/// Writes which documents hold which words, and which common words one behind the other.
struct WordEncoder {
    private let text: UnsafeRawBufferPointer
    private let documents: [UInt64]
    /// Stands between texts in lists of numbers of words.
    private static let gap = UInt32.max

    /// - Parameters:
    ///   - text: The text of a `ColumnBatch`.
    ///   - documents: Places of distinct documents by rank.
    init(text: UnsafeRawBufferPointer, documents: [UInt64]) {
        self.text = text
        self.documents = documents
    }

    /// - Returns: The pairs of words are `nil` where looking into the documents costs next to nothing.
    func encode(
        _ part: SegmentLayout.Part, into writer: inout SegmentWriter
    ) -> (SegmentLayout.Text, SegmentLayout.WordPairs?) {
        var table = StringTable(text: text)
        var counts: [Int] = []
        // Each word of each document once: the number of the word and the rank of the document.
        var occurrences: [(key: UInt32, document: UInt32)] = []
        var lastDocument: [Int] = []
        // All words of all documents, by number, in their order; `gap` behind each text.
        var words: [UInt32] = []
        // Where each document starts among them.
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
        return (layout, encodePairs(words, starts: starts, counts: counts, sorted: sorted, into: &writer))
    }

    /// Documents from which on pairs of words are written.
    private static let leastDocumentCount = 1_024
    /// A word is common when it is in one of so many documents.
    private static let commonShare = 64

    private func encodePairs(
        _ words: [UInt32], starts: [Int], counts: [Int], sorted: [Int], into writer: inout SegmentWriter
    ) -> SegmentLayout.WordPairs {
        let leastFrequency = (documents.count + Self.commonShare - 1) / Self.commonShare
        var ranks = [UInt64?](repeating: nil, count: counts.count)
        for (rank, number) in sorted.enumerated() where counts[number] >= leastFrequency {
            ranks[number] = UInt64(rank)
        }
        // Pairs in the order in which they come.
        var numbers: [UInt64: Int] = [:]
        var keys: [UInt64] = []
        var pairCounts: [Int] = []
        var lastDocument: [Int] = []
        var occurrences: [(key: UInt32, document: UInt32)] = []
        for (document, start) in starts.enumerated() {
            let end = document + 1 < starts.count ? starts[document + 1] : words.count
            var first: UInt64?
            for word in words[start..<end] {
                let second = word == Self.gap ? nil : ranks[Int(word)]
                defer { first = second }
                guard let first, let second, case let key = first << 32 | second else { continue }
                let number = numbers[key, default: keys.count]
                if number == keys.count {
                    numbers[key] = number
                    keys.append(key)
                    pairCounts.append(0)
                    lastDocument.append(-1)
                }
                guard lastDocument[number] != document else { continue }
                lastDocument[number] = document
                pairCounts[number] += 1
                occurrences.append((UInt32(number), UInt32(document)))
            }
        }
        let order = keys.indices.sorted { keys[$0] < keys[$1] }
        let postings = PostingsEncoder(occurrences, counts: pairCounts, order: order)
        return SegmentLayout.WordPairs(
            leastFrequency: leastFrequency, pairCount: keys.count, words: writer.append(order.map { keys[$0] }),
            postingOffsets: writer.append(postings.offsets), postings: writer.append(postings.bytes))
    }

    /// Calls `body` with the place of each word in the text, and with `nil` behind each of a document's texts.
    private func forEachWord(of document: UInt64, _ body: (UInt64?) -> Void) {
        let start = Int(document >> 24)
        let bytes = text.at(document)
        var wordStart = 0
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: " ") {
            if offset > wordStart {
                body(ColumnBatch.place(offset: start + wordStart, length: offset - wordStart))
            } else {
                // Two spaces: see `FreeTextDocument`.
                body(nil)
            }
            wordStart = offset + 1
        }
    }
}

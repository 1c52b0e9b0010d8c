/// Writes the encoding that `WordPositions` reads.
struct PositionsEncoder {
    /// Start of each word's positions in `bytes`; one more at the end.
    private(set) var offsets: [UInt32] = [0]
    private(set) var bytes: [UInt8] = []
    /// First cell of each document; one more at the end.
    private(set) var cellStarts: [UInt32] = [0]

    /// - Parameters:
    ///   - words: Word numbers of all documents, in text order; `gap` precedes each text.
    ///   - starts: Start of each document among them.
    ///   - order: The numbers of the words in the order of their lists.
    init(_ words: [UInt32], gap: UInt32, starts: [Int], order: [Int]) {
        var counts = [Int](repeating: 0, count: order.count)
        for word in words where word != gap { counts[Int(word)] += 1 }
        var places = [Int](repeating: 0, count: order.count)
        var total = 0
        for word in order {
            places[word] = total
            total += counts[word]
        }
        // By word: position << 1 | whether it is the first one in a document.
        var entries = [UInt32](repeating: 0, count: total)
        var lastDocument = [Int](repeating: -1, count: order.count)
        for (document, start) in starts.enumerated() {
            let end = document + 1 < starts.count ? starts[document + 1] : words.count
            for (position, word) in words[start..<end].enumerated() where word != gap {
                let word = Int(word)
                entries[places[word]] = UInt32(position) << 1 | (lastDocument[word] != document ? 1 : 0)
                places[word] += 1
                lastDocument[word] = document
            }
            cellStarts.append(cellStarts[document] + UInt32((end - start + 63) / 64))
        }
        bytes.reserveCapacity(total)
        for word in order {
            for entry in entries[places[word] - counts[word]..<places[word]] { bytes.append(varint: entry) }
            offsets.append(UInt32(bytes.count))
        }
    }

    /// Whether each document has one cell.
    var isPlain: Bool { Int(cellStarts[cellStarts.count - 1]) == cellStarts.count - 1 }
}

/// Where the words of a segment stand in its documents: see `SegmentLayout.WordPositions`. Looked at in place.
///
/// A document takes one cell of 64 positions, or several. The first position of each document is empty, as is one between
/// two of its texts: words whose positions follow one another stand in one text, also where cells follow one another.
struct WordPositions {
    /// Of all documents.
    let cellCount: Int
    /// `nil`: each document has one.
    private let cellStarts: UnsafePointer<UInt32>?
    private let offsets: UnsafePointer<UInt32>
    private let bytes: UnsafePointer<UInt8>

    init(
        _ layout: SegmentLayout.WordPositions, storage: SegmentStorage, documents: Int, words: Int
    ) throws(SegmentError) {
        cellCount = layout.cellCount
        cellStarts = try layout.cellStarts.map { section throws(SegmentError) in
            try storage.elements(section, count: documents + 1) as UnsafePointer<UInt32>
        }
        guard cellStarts != nil || cellCount == documents else {
            throw SegmentError(description: "documents without cells")
        }
        offsets = try storage.elements(layout.offsets, count: words + 1)
        bytes = try storage.elements(layout.positions)
    }

    /// Those of a document, by its rank.
    func cells(of document: Int) -> Range<Int> {
        guard let cellStarts else { return document..<document + 1 }
        let (start, end) = (Int(cellStarts[document]), Int(cellStarts[document + 1]))
        return start..<max(start, min(end, cellCount))
    }

    /// What is to be read for a word's positions, in bytes: about as many as there are positions.
    func byteCount(ofWord rank: Int) -> Int { Int(offsets[rank + 1]) - Int(offsets[rank]) }

    /// Whether each document has one cell.
    var isPlain: Bool { cellStarts == nil }

    /// - Parameter documents: Ranks of those that hold the word, in order, each below the number of documents.
    func walk(word rank: Int, documents: [UInt32]) -> PositionWalk {
        PositionWalk(self, bytes, Int(offsets[rank])..<Int(offsets[rank + 1]), documents)
    }

    /// Whether a word stands in so many documents, and nowhere outside their cells.
    ///
    /// - Parameter documents: As many as hold the word, each below the number of documents.
    func isContained(word rank: Int, documents: [UInt32]) -> Bool {
        var at = Int(offsets[rank])
        let end = Int(offsets[rank + 1])
        var last = -1
        while at < end {
            let entry = Self.entry(bytes, &at, end)
            last += entry.isFirst
            guard documents.indices.contains(last),
                0..<cells(of: Int(documents[last])).count ~= entry.position >> 6
            else { return false }
        }
        return last == documents.count - 1
    }

    /// Reads the position at a place.
    ///
    /// - Returns: `isFirst` is 1 for the first one of a document, 0 for others.
    @inline(__always)
    static func entry(
        _ bytes: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int
    ) -> (position: Int, isFirst: Int) {
        var value = 0
        var shift = 0
        while at < end {
            let byte = Int(bytes[at])
            at += 1
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80 { break }
        }
        return (value >> 1, value & 1)
    }
}

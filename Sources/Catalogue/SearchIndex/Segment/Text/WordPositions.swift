/// The positions of a segment's words in its documents: see `SegmentLayout.WordPositions`. Read in place.
///
/// A document takes one cell of 64 positions, or several. The first position of each document is empty, as is one
/// between two of its texts: words at consecutive positions are in one text, also across cells.
struct WordPositions {
    /// Total number of cells of all documents.
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

    /// The cells of a document, by its rank.
    func cells(of document: Int) -> Range<Int> {
        guard let cellStarts else { return document..<document + 1 }
        let (start, end) = (Int(cellStarts[document]), Int(cellStarts[document + 1]))
        return start..<max(start, min(end, cellCount))
    }

    /// The bytes to read for a word's positions: about as many as there are positions.
    func byteCount(ofWord rank: Int) -> Int { Int(offsets[rank + 1]) - Int(offsets[rank]) }

    /// Whether each document has one cell.
    var isPlain: Bool { cellStarts == nil }

    /// - Parameter documents: Ranks of the documents that contain the word, in order, each below the number of
    ///   documents.
    func walk(word rank: Int, documents: [UInt32]) -> PositionWalk {
        PositionWalk(self, bytes, Int(offsets[rank])..<Int(offsets[rank + 1]), documents)
    }

    /// Validates that a word occurs in as many documents as given, and nowhere outside their cells.
    ///
    /// - Parameter documents: The documents that contain the word, each below the number of documents.
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

    /// Reads the position at an offset.
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

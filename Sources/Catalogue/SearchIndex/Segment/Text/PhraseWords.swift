/// Positions of the words of an expression's phrases in a segment's documents.
///
/// Words shared by several phrases are read once.
struct PhraseWords {
    let positions: WordPositions
    let documentCount: Int
    private let postings: PostingLists
    /// Ranks of the words shared by several phrases.
    private let shared: Set<Int>
    /// For each of these that has been read: the one cell of each document.
    private var known: [Int: [UInt64]] = [:]

    /// Number of words whose cells are cached: a megabyte each in a large segment.
    private static let mostKnown = 16

    /// - Parameter phrases: Ranks of words.
    init(of phrases: [[Int]], _ postings: PostingLists, _ positions: WordPositions) {
        self.postings = postings
        self.positions = positions
        documentCount = postings.documentCount
        var seen: Set<Int> = []
        var shared: Set<Int> = []
        for phrase in phrases {
            for word in Set(phrase) where !seen.insert(word).inserted && shared.count < Self.mostKnown {
                shared.insert(word)
            }
        }
        // Not cached when documents have several cells.
        self.shared = positions.isPlain ? shared : []
    }

    /// The cost of reading a word, in bytes or the equivalent time.
    func cost(ofWord rank: Int) -> Int {
        if known[rank] != nil { return documentCount / 8 }
        return postings[rank].range.count + positions.byteCount(ofWord: rank)
    }

    /// Whether so many documents contain a word that reading all of them is as fast.
    func isCommon(_ rank: Int) -> Bool { postings[rank].range.count * 8 > documentCount }

    func walk(word rank: Int) -> PositionWalk {
        positions.walk(word: rank, documents: postings.documents(ofWord: rank))
    }

    /// The one cell of each document; `nil` for words that only one phrase needs.
    mutating func cells(ofWord rank: Int) -> [UInt64]? {
        if let cells = known[rank] { return cells }
        guard shared.contains(rank) else { return nil }
        var walk = walk(word: rank)
        let cells = [UInt64](unsafeUninitializedCapacity: documentCount) { cells, count in
            walk.write(from: 0, into: UnsafeMutableBufferPointer(rebasing: cells[..<documentCount]))
            count = documentCount
        }
        known[rank] = cells
        return cells
    }
}

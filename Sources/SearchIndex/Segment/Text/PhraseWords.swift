/// Where words of an expression's phrases stand in a segment's documents.
///
/// What several phrases need is read once.
struct PhraseWords {
    private let postings: PostingLists
    private let positions: WordPositions
    /// Ranks of the words of several phrases.
    private let shared: Set<Int>
    private var known: [Int: DecodedPositions] = [:]

    /// - Parameter phrases: Ranks of words.
    init(of phrases: [[Int]], _ postings: PostingLists, _ positions: WordPositions) {
        self.postings = postings
        self.positions = positions
        var seen: Set<Int> = []
        var shared: Set<Int> = []
        for phrase in phrases { for word in Set(phrase) where !seen.insert(word).inserted { shared.insert(word) } }
        // With several cells to a document they are not kept apart by document.
        self.shared = positions.isPlain ? shared : []
    }

    /// What is to be read for a word, in bytes or in time that takes as long.
    func cost(ofWord rank: Int) -> Int {
        let whole = postings[rank].range.count + positions.byteCount(ofWord: rank)
        return known[rank].map { min($0.documents.count, whole) } ?? whole
    }

    mutating func walk(word rank: Int) -> PositionWalk {
        if let decoded = known[rank] {
            return positions.walk(word: rank, documents: decoded.documents, cells: decoded.cells)
        }
        let walk = positions.walk(word: rank, documents: postings.documents(ofWord: rank))
        guard shared.contains(rank) else { return walk }
        let decoded = DecodedPositions(documents: walk.documents, cells: walk.cellsOfDocuments())
        known[rank] = decoded
        return positions.walk(word: rank, documents: decoded.documents, cells: decoded.cells)
    }

    private struct DecodedPositions {
        let documents: [UInt32]
        /// The one cell of each.
        let cells: [UInt64]
    }
}

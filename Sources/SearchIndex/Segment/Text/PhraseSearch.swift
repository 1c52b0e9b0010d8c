/// Finds the documents of a segment in which words follow one another, by the positions of each.
///
/// Begins with the word that stands in the fewest places, and looks at each further one only as long as that costs less
/// than a look at the documents that are left: few are, after two or three words.
struct PhraseSearch {
    /// A word of the phrase.
    private struct Word {
        let rank: Int
        /// Bytes to be read.
        let cost: Int
        /// Places in the phrase.
        var places: [Int]
    }

    /// A cell of a document that may hold the phrase.
    private struct Candidate {
        let document: UInt32
        let cell: UInt32
        /// Bits of the cell at which the phrase's rarest word may stand.
        var positions: UInt64
    }

    private let documentCount: Int
    private let positions: WordPositions
    private var words: [Word] = []
    private var candidates: [Candidate] = []

    /// Bytes of postings and positions that are read in the time that a look at one document takes.
    private static let documentCost = 400
    /// Cells that are looked at at a time: they find room in the first level of caches.
    private static let cellsAtOnce = 2_048

    /// - Parameters:
    ///   - ranks: Of the phrase's words.
    ///   - documentCount: Documents in the segment.
    init(_ ranks: [Int], documentCount: Int, _ positions: WordPositions, _ phraseWords: PhraseWords) {
        self.documentCount = documentCount
        self.positions = positions
        for (place, rank) in ranks.enumerated() {
            if let known = words.firstIndex(where: { $0.rank == rank }) {
                words[known].places.append(place)
            } else {
                words.append(Word(rank: rank, cost: phraseWords.cost(ofWord: rank), places: [place]))
            }
        }
        words.sort { $0.cost < $1.cost }
    }

    /// - Returns: Ranks of documents, and whether all of them hold the phrase: else they have to be looked at.
    mutating func documents(_ phraseWords: inout PhraseWords) -> (ranks: Bitmap, isExact: Bool) {
        let anchor = words[0].places[0]
        var costLeft = words.reduce(0) { $0 + $1.cost }
        var isExact = true
        for (number, word) in words.enumerated() {
            // Farther away than a cell is long: the documents will tell.
            let distances = word.places.map { $0 - anchor }.filter { abs($0) < 64 }
            if distances.count < word.places.count { isExact = false }
            var walk = phraseWords.walk(word: word.rank)
            if number == 0 {
                begin(with: &walk, at: distances)
            } else if !distances.isEmpty {
                keepCandidates(with: &walk, at: distances)
            }
            costLeft -= word.cost
            if candidates.isEmpty { break }
            if candidates.count * Self.documentCost < costLeft {
                isExact = false
                break
            }
        }
        var ranks = Bitmap(count: documentCount)
        for candidate in candidates { ranks[Int(candidate.document)] = true }
        return (ranks, isExact)
    }

    /// Makes candidates of the documents in which the rarest word stands, and again so far behind.
    private mutating func begin(with walk: inout PositionWalk, at distances: [Int]) {
        guard positions.isPlain else {
            for document in walk.documents {
                for cell in positions.cells(of: Int(document)) {
                    candidates.append(
                        .init(document: document, cell: UInt32(truncatingIfNeeded: cell), positions: .max))
                }
            }
            return keepCandidates(with: &walk, at: distances)
        }
        let documents = walk.documents
        let cells = walk.cellsOfDocuments()
        candidates = [Candidate](unsafeUninitializedCapacity: cells.count) { candidates, count in
            for (document, own) in zip(documents, cells) {
                var left = own
                for distance in distances { left &= own &>> UInt64(distance) }
                // In bounds: no more than cells. Written whether or not it stays, which is as good as random.
                candidates[count] = Candidate(document: document, cell: document, positions: left)
                count &+= left != 0 ? 1 : 0
            }
        }
    }

    /// Keeps those in which a word stands so far behind, or before, the rarest one.
    private mutating func keepCandidates(with walk: inout PositionWalk, at distances: [Int]) {
        // A document of one cell has nothing in the next one: the first position of every document is empty.
        let isPlain = positions.isPlain
        let count = isPlain ? Self.cellsAtOnce : positions.cellCount + 2
        let behind = distances.filter { $0 >= 0 }.map(UInt64.init)
        let before = distances.filter { $0 < 0 }.map { UInt64(-$0) }
        let kept = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { cells in
            candidates.withUnsafeMutableBufferPointer { candidates in
                var kept = 0
                var first = Int.min
                for candidate in candidates {
                    if first == .min || Int(candidate.cell) &- first >= count {
                        // With one more before the first cell and behind the last where others are looked at.
                        first = isPlain ? Int(candidate.cell) : -1
                        walk.write(from: first, into: cells)
                    }
                    // In bounds: cells have numbers below `cellCount`, and come in order.
                    let cell = Int(candidate.cell) &- first
                    let (previous, own, next) =
                        isPlain ? (0, cells[cell], 0) : (cells[cell - 1], cells[cell], cells[cell + 1])
                    var left = candidate.positions
                    for distance in behind { left &= own &>> distance | next << (64 &- distance) }
                    for distance in before { left &= own &<< distance | previous >> (64 &- distance) }
                    candidates[kept] = Candidate(document: candidate.document, cell: candidate.cell, positions: left)
                    kept &+= left != 0 ? 1 : 0
                }
                return kept
            }
        }
        candidates.removeLast(candidates.count - kept)
    }
}

/// Finds the documents of a segment in which words are adjacent, by their positions.
///
/// Begins with the word that has the fewest positions, and reads each further word only while that is cheaper than
/// reading the remaining documents: few remain after two or three words. Where even the first two are common, their
/// cells are compared for all documents, some thousand at a time.
struct PhraseSearch {
    /// A word of the phrase.
    private struct Word {
        let rank: Int
        /// Bytes to read.
        let cost: Int
        /// Positions in the phrase.
        var places: [Int]
    }

    /// A cell of a document that may contain the phrase.
    private struct Candidate {
        let document: UInt32
        let cell: UInt32
        /// Bits of the cell at which the phrase's rarest word may be.
        var positions: UInt64
    }

    private let positions: WordPositions
    private var words: [Word] = []
    private var candidates: [Candidate] = []

    /// Bytes of postings and positions that are read in the time that reading one document takes.
    private static let documentCost = 400
    /// Cells processed at a time: they fit into the L1 cache.
    private static let cellsAtOnce = 2_048

    /// - Parameter ranks: Ranks of the phrase's words.
    init(_ ranks: [Int], _ phraseWords: PhraseWords) {
        positions = phraseWords.positions
        var known: [Int: Int] = [:]
        for (place, rank) in ranks.enumerated() {
            if let word = known[rank] {
                words[word].places.append(place)
            } else {
                known[rank] = words.count
                words.append(Word(rank: rank, cost: phraseWords.cost(ofWord: rank), places: [place]))
            }
        }
        words.sort { $0.cost < $1.cost }
    }

    /// - Returns: Ranks of documents, and whether all of them contain the phrase: else they have to be read.
    mutating func documents(_ phraseWords: inout PhraseWords) -> (ranks: Bitmap, isExact: Bool) {
        let anchor = words[0].places[0]
        let isCommon =
            positions.isPlain && words.count > 1 && words.prefix(2).allSatisfy { phraseWords.isCommon($0.rank) }
        if isCommon, words.count == 2 { return documentsWithCommonWords(anchor, &phraseWords) }
        var costLeft = words.reduce(0) { $0 + $1.cost }
        var isExact = true
        for (number, word) in words.enumerated() {
            let distances = distances(of: word, from: anchor)
            if distances.count < word.places.count { isExact = false }
            costLeft -= word.cost
            switch number {
            case 0 where isCommon: continue
            case 1 where isCommon: beginWithCommonWords(anchor, &phraseWords)
            case 0:
                var walk = phraseWords.walk(word: word.rank)
                begin(with: &walk, at: distances)
            default:
                if distances.isEmpty { continue }
                if let cells = phraseWords.cells(ofWord: word.rank) {
                    keepCandidates(with: cells, at: distances)
                } else {
                    var walk = phraseWords.walk(word: word.rank)
                    keepCandidates(with: &walk, at: distances)
                }
            }
            if candidates.isEmpty { break }
            if candidates.count * Self.documentCost < costLeft {
                isExact = false
                break
            }
        }
        var ranks = Bitmap(count: phraseWords.documentCount)
        for candidate in candidates { ranks[Int(candidate.document)] = true }
        return (ranks, isExact)
    }

    /// The distances of a word from a position of the phrase. Beyond 64, a cell's length, the documents decide.
    private func distances(of word: Word, from anchor: Int) -> [Int] {
        word.places.map { $0 - anchor }.filter { abs($0) < 64 }
    }

    /// The documents of a phrase of two words.
    private func documentsWithCommonWords(
        _ anchor: Int, _ phraseWords: inout PhraseWords
    ) -> (ranks: Bitmap, isExact: Bool) {
        var ranks = Bitmap(count: phraseWords.documentCount)
        compareCommonWords(anchor, &phraseWords) { first, left in
            for start in stride(from: 0, to: left.count, by: 64) {
                var word: UInt64 = 0
                for cell in start..<min(start + 64, left.count) {
                    // In bounds: below the count.
                    word |= (left[cell] != 0 ? 1 : 0) &<< UInt64(cell &- start)
                }
                ranks.insert(word, inWordOf: first + start)
            }
        }
        return (ranks, words.allSatisfy { distances(of: $0, from: anchor).count == $0.places.count })
    }

    /// Makes candidates of the documents in which the first two words are at the right distance.
    private mutating func beginWithCommonWords(_ anchor: Int, _ phraseWords: inout PhraseWords) {
        var found: [Candidate] = []
        compareCommonWords(anchor, &phraseWords) { first, left in
            for cell in left.indices where left[cell] != 0 {
                let document = UInt32(truncatingIfNeeded: first + cell)
                found.append(.init(document: document, cell: document, positions: left[cell]))
            }
        }
        candidates = found
    }

    /// Compares the one cell of each document for the first two words.
    ///
    /// - Parameter body: Receives the first of some documents, and for each the positions where the words match.
    private func compareCommonWords(
        _ anchor: Int, _ phraseWords: inout PhraseWords, _ body: (Int, UnsafeBufferPointer<UInt64>) -> Void
    ) {
        let count = phraseWords.documentCount
        var known: [(cells: [UInt64], distances: [Int])] = []
        var walks: [(walk: PositionWalk, distances: [Int])] = []
        for word in words.prefix(2) {
            let distances = distances(of: word, from: anchor)
            if let cells = phraseWords.cells(ofWord: word.rank) {
                known.append((cells, distances))
            } else {
                walks.append((phraseWords.walk(word: word.rank), distances))
            }
        }
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * Self.cellsAtOnce) { buffer in
            let left = UnsafeMutableBufferPointer(rebasing: buffer[..<Self.cellsAtOnce])
            let read = UnsafeMutableBufferPointer(rebasing: buffer[Self.cellsAtOnce...])
            for first in stride(from: 0, to: count, by: Self.cellsAtOnce) {
                let cells = min(Self.cellsAtOnce, count - first)
                left.update(repeating: .max)
                for word in known {
                    word.cells.withUnsafeBufferPointer {
                        keep(UnsafeBufferPointer(rebasing: $0[first..<first + cells]), at: word.distances, in: left)
                    }
                }
                for word in walks.indices {
                    walks[word].walk.write(from: first, into: read)
                    keep(UnsafeBufferPointer(rebasing: read[..<cells]), at: walks[word].distances, in: left)
                }
                body(first, UnsafeBufferPointer(rebasing: left[..<cells]))
            }
        }
    }

    /// Keeps the bits that have another bit at the given distance behind or before them.
    private func keep(
        _ cells: UnsafeBufferPointer<UInt64>, at distances: [Int], in left: UnsafeMutableBufferPointer<UInt64>
    ) {
        for distance in distances {
            // In bounds: there are at least as many.
            if distance >= 0 {
                for cell in cells.indices { left[cell] &= cells[cell] &>> UInt64(distance) }
            } else {
                for cell in cells.indices { left[cell] &= cells[cell] &<< UInt64(-distance) }
            }
        }
    }

    /// Makes candidates of the documents that contain the rarest word and, at the given distance, another one.
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
                // In bounds: at most the number of cells. Written unconditionally: whether it stays is unpredictable.
                candidates[count] = Candidate(document: document, cell: document, positions: left)
                count &+= left != 0 ? 1 : 0
            }
        }
    }

    /// Keeps the candidates in which a word is at the given distance behind or before the rarest one.
    ///
    /// - Parameter cells: The one cell of each document.
    private mutating func keepCandidates(with cells: [UInt64], at distances: [Int]) {
        cells.withUnsafeBufferPointer { cells in
            var kept = 0
            for candidate in candidates {
                // In bounds: there is a cell for each document.
                let own = cells[Int(candidate.document)]
                var left = candidate.positions
                for distance in distances {
                    left &= distance >= 0 ? own &>> UInt64(distance) : own &<< UInt64(-distance)
                }
                candidates[kept] = Candidate(document: candidate.document, cell: candidate.cell, positions: left)
                kept += left != 0 ? 1 : 0
            }
            candidates.removeLast(candidates.count - kept)
        }
    }

    /// As above, for a word that has not been read.
    private mutating func keepCandidates(with walk: inout PositionWalk, at distances: [Int]) {
        // A document of one cell shares no match with the next one: the first position of every document is empty.
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
                        // With one more cell before the first and after the last where neighbouring cells are tested.
                        first = isPlain ? Int(candidate.cell) : -1
                        walk.write(from: first, into: cells)
                    }
                    // In bounds: cell numbers are below `cellCount`, in order.
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

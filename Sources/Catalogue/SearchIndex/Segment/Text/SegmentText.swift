import STACAPI

/// The texts of a segment's rows: each distinct one once, with an inverted index of their words.
struct SegmentText {
    /// `FreeTextDocument`s as strings.
    let documents: StringPart
    private let words: StringDictionary
    let postings: PostingLists
    /// `nil`: phrases are searched in the documents.
    private let positions: WordPositions?

    init(
        _ layout: SegmentLayout.Text, _ positions: SegmentLayout.WordPositions?, storage: SegmentStorage, rowCount: Int,
        words wordsOfRows: Int
    ) throws(SegmentError) {
        let presence = try layout.documents.presence.map { section throws(SegmentError) in
            try storage.elements(section, count: wordsOfRows) as UnsafePointer<UInt64>
        }
        documents = try StringPart(
            layout.documents,
            Presence(words: presence, rowCount: rowCount, population: layout.documents.population), storage)
        words = StringDictionary(
            count: layout.wordCount, blockOffsets: try storage.elements(layout.wordBlocks),
            bytes: try storage.elements(layout.wordBytes))
        let count = documents.dictionary.count
        postings = PostingLists(
            offsets: try storage.elements(layout.postingOffsets, count: layout.wordCount + 1),
            bytes: try storage.elements(layout.postings), documentCount: count)
        self.positions = try positions.map { positions throws(SegmentError) in
            try WordPositions(positions, storage: storage, documents: count, words: layout.wordCount)
        }
    }

    /// The ranks of the documents for which an expression is true.
    func ranks(_ expression: FreeTextExpression) -> Bitmap {
        var words = positions.map { positions in
            let phrases = expression.phrases.compactMap(wordRanks).filter { $0.count > 1 }
            return PhraseWords(of: phrases, postings, positions)
        }
        return ranks(expression, &words)
    }

    private func ranks(_ expression: FreeTextExpression, _ words: inout PhraseWords?) -> Bitmap {
        switch expression {
        case .phrase(let phrase): return ranks(phrase, &words)
        case .and(let parts):
            var result = Bitmap(count: documents.dictionary.count, filled: true)
            for part in parts where !result.isEmpty { result.formIntersection(ranks(part, &words)) }
            return result
        case .or(let parts):
            var result = Bitmap(count: documents.dictionary.count)
            for part in parts { result.formUnion(ranks(part, &words)) }
            return result
        case .not(let part):
            var result = Bitmap(count: documents.dictionary.count, filled: true)
            result.subtract(ranks(part, &words))
            return result
        }
    }

    /// `nil`: one of a phrase's words does not occur.
    private func wordRanks(_ phrase: FreeTextPhrase) -> [Int]? {
        var ranks: [Int] = []
        for word in phrase.words {
            let (rank, isEqual) = words.lowerBound(word)
            guard isEqual else { return nil }
            ranks.append(rank)
        }
        return ranks
    }

    private func ranks(_ phrase: FreeTextPhrase, _ phraseWords: inout PhraseWords?) -> Bitmap {
        guard let wordRanks = wordRanks(phrase) else { return Bitmap(count: documents.dictionary.count) }
        guard wordRanks.count > 1 else { return postings.bitmap(ofWord: wordRanks[0]) }
        var ranks: Bitmap
        var isExact = false
        if var words = phraseWords.take() {
            var search = PhraseSearch(wordRanks, words)
            (ranks, isExact) = search.documents(&words)
            phraseWords = words
        } else {
            ranks = postings.bitmap(ofWord: wordRanks[0])
            for rank in wordRanks.dropFirst() { ranks.formIntersection(postings.bitmap(ofWord: rank)) }
        }
        if !isExact { keepDocuments(with: phrase, in: &ranks) }
        return ranks
    }

    /// Tests whether words that all occur in a document are adjacent.
    private func keepDocuments(with phrase: FreeTextPhrase, in ranks: inout Bitmap) {
        let population = ranks.population
        guard population > 0 else { return }
        if population * 8 > documents.dictionary.count {
            documents.dictionary.forEach { rank, document in
                if ranks[rank], !phrase.occurs(inDocument: document) { ranks[rank] = false }
                return true
            }
        } else {
            ranks.filter { rank in
                var occurs = false
                documents.dictionary.forEach(from: rank) { _, document in
                    occurs = phrase.occurs(inDocument: document)
                    return false
                }
                return occurs
            }
        }
    }
}

extension Segment {
    /// The rows whose text matches an expression.
    func rows(matching expression: FreeTextExpression) -> Bitmap {
        let includesRowsWithoutText = expression.matches(FreeTextDocument())
        guard let text else { return Bitmap(count: rowCount, filled: includesRowsWithoutText) }
        let ranks = text.ranks(expression)
        let part = text.documents
        let all = Bitmap(count: rowCount, filled: true)
        var present = all
        part.presence.intersect(&present)
        var rows = present
        if ranks.population < ranks.count { part.keep(ranks, in: &rows) }
        if includesRowsWithoutText {
            var absent = all
            absent.subtract(present)
            rows.formUnion(absent)
        }
        return rows
    }
}

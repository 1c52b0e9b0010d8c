import STACAPI

/// The texts of a segment's rows: each distinct one once, and which of them hold which words.
struct SegmentText {
    /// `FreeTextDocument`s as strings.
    let documents: StringPart
    private let words: StringDictionary
    private let postingOffsets: UnsafePointer<UInt32>
    private let postings: UnsafePointer<UInt8>
    private let pairs: WordPairs?

    init(
        _ layout: SegmentLayout.Text, _ pairs: SegmentLayout.WordPairs?, storage: SegmentStorage, rowCount: Int,
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
        postingOffsets = try storage.elements(layout.postingOffsets, count: layout.wordCount + 1)
        postings = try storage.elements(layout.postings)
        self.pairs = try pairs.map { pairs throws(SegmentError) in try WordPairs(pairs, storage: storage) }
    }

    /// The ranks of the documents for which an expression is true.
    func ranks(_ expression: FreeTextExpression) -> Bitmap {
        switch expression {
        case .phrase(let phrase): return ranks(phrase)
        case .and(let parts):
            var result = Bitmap(count: documents.dictionary.count, filled: true)
            for part in parts where !result.isEmpty { result.formIntersection(ranks(part)) }
            return result
        case .or(let parts):
            var result = Bitmap(count: documents.dictionary.count)
            for part in parts { result.formUnion(ranks(part)) }
            return result
        case .not(let part):
            var result = Bitmap(count: documents.dictionary.count, filled: true)
            result.subtract(ranks(part))
            return result
        }
    }

    private func ranks(_ phrase: FreeTextPhrase) -> Bitmap {
        let none = Bitmap(count: documents.dictionary.count)
        var wordRanks: [Int] = []
        for word in phrase.words {
            let (rank, isEqual) = words.lowerBound(word)
            guard isEqual else { return none }
            wordRanks.append(rank)
        }
        // By place in the phrase; `nil`: pairs tell more.
        var holding = [Bitmap?](repeating: nil, count: wordRanks.count)
        var found: Bitmap?
        func keep(_ documents: Bitmap) {
            found?.formIntersection(documents)
            if found == nil { found = documents }
        }
        var isInPair = [Bool](repeating: false, count: wordRanks.count)
        for place in wordRanks.indices.dropFirst() {
            guard let postings = pairs?.postings(of: wordRanks[place - 1], wordRanks[place]) else { continue }
            keep(bitmap(postings))
            isInPair[place - 1] = true
            isInPair[place] = true
        }
        for place in wordRanks.indices where !isInPair[place] {
            let documents = bitmap(postings(ofWord: wordRanks[place]))
            keep(documents)
            holding[place] = documents
        }
        if wordRanks.count == 2, isInPair[0] { return found ?? none }
        if let pairs {
            // Common words that never follow one another.
            for place in wordRanks.indices.dropFirst() {
                let isPair = pairs.postings(of: wordRanks[place - 1], wordRanks[place]) != nil
                if !isPair, isCommon(place - 1), isCommon(place) { return none }
            }
        }
        func isCommon(_ place: Int) -> Bool {
            isInPair[place] || holding[place].map { $0.population >= pairs?.leastFrequency ?? .max } ?? false
        }
        var ranks = found ?? none
        if phrase.words.count > 1 { keepDocuments(with: phrase, in: &ranks) }
        return ranks
    }

    private func postings(ofWord rank: Int) -> Postings {
        Postings(bytes: postings, range: Int(postingOffsets[rank])..<Int(postingOffsets[rank + 1]))
    }

    private func bitmap(_ postings: Postings) -> Bitmap {
        var ranks = Bitmap(count: documents.dictionary.count)
        postings.forEach { ranks[$0] = true }
        return ranks
    }

    /// Looks whether words that are all there follow one another.
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

/// What of a segment meets a free text.
struct TextMatch {
    /// Ranks of documents; `nil` when there are none.
    fileprivate let documents: Bitmap?
    /// Whether rows without a text do.
    fileprivate let includesRowsWithoutText: Bool

    /// Whether nothing does.
    var isNone: Bool { !includesRowsWithoutText && documents?.isEmpty ?? true }
}

extension Segment {
    func match(_ expression: FreeTextExpression) -> TextMatch {
        TextMatch(
            documents: text?.ranks(expression), includesRowsWithoutText: expression.matches(FreeTextDocument()))
    }

    /// Keeps the rows whose text meets the expression.
    func keep(_ match: TextMatch, in rows: inout Bitmap) {
        guard let part = text?.documents, let documents = match.documents else {
            if !match.includesRowsWithoutText { rows = Bitmap(count: rowCount) }
            return
        }
        var present = rows
        part.presence.intersect(&present)
        var absent = rows
        absent.subtract(present)
        rows = present
        if documents.population < documents.count { part.keep(documents, in: &rows) }
        if match.includesRowsWithoutText { rows.formUnion(absent) }
    }
}

import JSON
import STACAPI
import Testing

@testable import SearchIndex

@Suite("Phrases") struct PhraseTests {
    private static let count = 1_500

    /// Texts of some words, the first of which are common.
    private static func texts(_ random: inout SplitMix64) -> [[String]] {
        (0..<count).map { number in
            func text(_ length: Int) -> String {
                (0..<length).map { _ in
                    let rarity = random.integer(1...100)
                    return "w\(rarity > 10 ? random.integer(1...4) : random.integer(5...400))"
                }.joined(separator: " ")
            }
            return ["n\(number) \(text(random.integer(0...6)))", text(random.integer(1...8)), text(2)]
        }
    }

    @Test("of common and of rare words are found where they are", arguments: [true, false])
    func phrases(inFile: Bool) throws {
        var random = SplitMix64(seed: 47_000)
        let texts = Self.texts(&random)
        let directory = try TemporaryDirectory()
        var configuration = ItemIndex.Configuration()
        if inFile { configuration.bulkRows = 1_000 }
        let index = try ItemIndex(path: directory.path, storeID: "store", configuration: configuration)
        var batch = ColumnBatch()
        for (number, texts) in texts.enumerated() {
            let item = SmallCatalogue.item(
                "\(number)", "\"title\":\"\(texts[0])\",\"description\":\"\(texts[1])\",\"keywords\":[\"\(texts[2])\"]")
            try JSONReader().read(Array(item.utf8)) { try batch.append(item: $0) }
        }
        var changes = IndexChanges(after: 0)
        changes.put(
            batch, rows: 0..<batch.count, sequences: (0..<Self.count).map { Int64($0) + 1 }, in: SmallCatalogue.key)
        try index.apply(changes)
        #expect(index.damage().isEmpty)
        let documents = texts.map { texts in
            var document = FreeTextDocument()
            // As in an Item: in the order of its properties' names or not, phrases end with a text.
            for text in texts { document.append(text) }
            return document
        }
        for number in 0..<300 {
            let words = (0..<random.integer(1...4)).map { _ in
                "w\(random.chance(85) ? random.integer(1...4) : random.integer(5...400))"
            }
            let phrase = "\"\(words.joined(separator: " "))\""
            let text = number % 5 == 0 ? "-\(phrase)" : number % 5 == 1 ? "\(phrase) AND w1" : phrase
            var request = SearchRequest(limit: 1)
            let expression = try FreeTextExpression(text: text)
            request.text = expression
            let matched = try index.search(request) { _, _ in }.matched
            #expect(matched == documents.count { expression.matches($0) }, "\(text)")
        }
    }

    @Test("that no text can hold are in none", arguments: ["\"w1 w401\"", "\"w3 n7\"", "\"x y\""])
    func absent(text: String) throws {
        var random = SplitMix64(seed: 47_000)
        let items = Self.texts(&random).enumerated().map {
            SmallCatalogue.item("\($0)", "\"title\":\"\($1[0])\"")
        }
        var request = SearchRequest(limit: 1)
        request.text = try FreeTextExpression(text: text)
        #expect(try SmallCatalogue(items).outcome(request).matched == 0)
    }

    @Test("are refused in a layout that makes no sense")
    func layout() throws {
        let pairs = SegmentLayout.WordPairs(
            leastFrequency: 3, pairCount: 2, words: .init(offset: 64, count: 2),
            postingOffsets: .init(offset: 128, count: 3),
            postings: .init(offset: 192, count: 5))
        let read = try SegmentLayout.WordPairs(json: pairs.json)
        #expect(read.json == pairs.json)
        #expect(throws: SegmentError.self) { try SegmentLayout.WordPairs(json: [1, 2]) }
        #expect(throws: SegmentError.self) { try SegmentLayout.WordPairs(json: [1, "2", [0, 1], [0, 1], [0, 1]]) }
        var layout = SegmentLayout()
        layout.rowCount = 1
        layout.treeLevels = [.init(offset: 0, count: 1)]
        layout.wordPairs = pairs
        // Pairs without texts.
        #expect(throws: SegmentError.self) { try layout.validateNumbers(byteCount: 1_000) }
    }
}

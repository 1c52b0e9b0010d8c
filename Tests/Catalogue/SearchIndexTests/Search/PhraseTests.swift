import JSON
import STACAPI
import TestKit
import Testing

@testable import SearchIndex

@Suite("Phrases") struct PhraseTests {
    private static let count = 1_500

    /// Words, a few of which are common, also characters that are words by themselves.
    private static func word(_ random: inout SeededGenerator, common: Int) -> String {
        switch random.integer(1...100) {
        case ...common: "w\(random.integer(1...4))"
        case 96...: random.pick(["東", "京", "都"])
        default: "w\(random.integer(5...400))"
        }
    }

    /// Texts of Items: title, description and one keyword.
    private static func texts(_ random: inout SeededGenerator, longest: Int) -> [[String]] {
        (0..<count).map { number in
            func text(_ length: Int) -> String {
                // The same word again as often as not, and ideographs beside one another without a space.
                var words: [String] = []
                while words.count < length {
                    words.append(random.chance(30) ? words.last ?? "w1" : word(&random, common: 85))
                }
                return words.joined(separator: " ").replacing("東 京", with: "東京")
            }
            return ["n\(number) \(text(random.integer(0...longest)))", text(random.integer(1...longest)), text(2)]
        }
    }

    private static func phrase(_ random: inout SeededGenerator, longest: Int) -> [String] {
        let length = random.chance(80) ? random.integer(1...5) : random.integer(1...longest)
        var words = (0..<length).map { _ in word(&random, common: random.pick([60, 95])) }
        if random.chance(30) { words = words.map { _ in words[0] } }
        return words
    }

    /// Texts that take one cell of positions, and texts that take several; with positions and, in memory, too.
    @Test("are found where they are", arguments: [(6, true), (6, false), (90, true)])
    func phrases(longest: Int, inFile: Bool) throws {
        var random = SeededGenerator(seed: 47_000 + longest)
        let texts = Self.texts(&random, longest: longest)
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
        // No phrase reaches from one text into the next.
        let words = texts.map { $0.map(ItemWords.words) }
        for number in 0..<TestRounds.count(100) {
            // Of texts, too: so that long ones are found.
            var phrase = Self.phrase(&random, longest: longest)
            if random.chance(40) {
                let text = random.pick(random.pick(words))
                let start = random.integer(0...text.count - 1)
                phrase = Array(text[start..<random.integer(start + 1...text.count)])
            }
            let quoted = "\"\(phrase.joined(separator: " "))\""
            // Several phrases of the same words.
            let other = "\"\((phrase.dropFirst() + phrase.prefix(1)).joined(separator: " "))\""
            let text =
                switch number % 5 {
                case 0: "-\(quoted)"
                case 1: "\(quoted) AND w1"
                case 2: "\(quoted) OR \(other) OR \"w1 w2\" OR \"w2 w1 w1\""
                default: quoted
                }
            var request = SearchRequest(limit: 1)
            let expression = try FreeTextExpression(text: text)
            request.text = expression
            let matched = try index.search(request) { _, _ in }.matched
            let expected = words.count { texts in
                expression.isTrue { phrase in texts.contains { $0.contains(phrase.words) } }
            }
            #expect(matched == expected, "\(text)")
        }
    }

    @Test("that no text can hold are in none", arguments: ["\"w1 w401\"", "\"w3 n7\"", "\"x y\""])
    func absent(text: String) throws {
        var random = SeededGenerator(seed: 47_000)
        let items = Self.texts(&random, longest: 6).enumerated().map {
            SmallCatalogue.item("\($0)", "\"title\":\"\($1[0])\"")
        }
        var request = SearchRequest(limit: 1)
        request.text = try FreeTextExpression(text: text)
        #expect(try SmallCatalogue(items).outcome(request).matched == 0)
    }

    @Test("are refused in a layout that makes no sense")
    func layout() throws {
        let positions = SegmentLayout.WordPositions(
            cellCount: 2, cellStarts: .init(offset: 64, count: 2), offsets: .init(offset: 128, count: 3),
            positions: .init(offset: 192, count: 5))
        let read = try SegmentLayout.WordPositions(json: positions.json)
        #expect(read.json == positions.json)
        #expect(throws: SegmentError.self) { try SegmentLayout.WordPositions(json: [1, 2]) }
        #expect(throws: SegmentError.self) { try SegmentLayout.WordPositions(json: ["1", .null, [0, 1], [0, 1]]) }
        var layout = SegmentLayout()
        layout.rowCount = 1
        layout.treeLevels = [.init(offset: 0, count: 1)]
        layout.wordPositions = positions
        // Positions without texts.
        #expect(throws: SegmentError.self) { try layout.validateNumbers(byteCount: 1_000) }
    }
}

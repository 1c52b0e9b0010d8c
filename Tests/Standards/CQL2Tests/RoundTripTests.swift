import CQL2
import JSON
import TestKit
import Testing

@Suite("Round trips") struct RoundTripTests {
    @Test("give random trees back, from text and from JSON", arguments: 0..<40)
    func random(group: Int) throws {
        for seed in group * 50..<(group + 1) * 50 {
            var generator = RandomExpression(seed: UInt64(seed))
            let expression = generator.expression(depth: 5)
            let text = expression.text
            let fromText = try Expression(text: text)
            #expect(fromText == expression, "seed \(seed): \(text)")
            #expect(fromText.text == text, "seed \(seed)")
            let json = expression.json.jsonText
            #expect(try Expression(jsonText: json) == expression, "seed \(seed): \(json)")
            #expect(fromText.json.jsonText == json, "seed \(seed)")
        }
    }

    @Test("hold for whatever still parses after some characters are lost, doubled or swapped", arguments: 0..<20)
    func mutated(group: Int) throws {
        for seed in group * 100..<(group + 1) * 100 {
            var generator = RandomExpression(seed: UInt64(seed))
            var random = SeededGenerator(seed: seed)
            var scalars = Array(generator.expression(depth: 4).text.unicodeScalars)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !scalars.isEmpty {
                let at = Int.random(in: 0..<scalars.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: scalars.remove(at: at)
                case 1: scalars.insert(scalars[at], at: at)
                default: scalars.swapAt(at, Int.random(in: 0..<scalars.count, using: &random))
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            guard let expression = try? Expression(text: String(text)) else { continue }
            #expect(try Expression(text: expression.text) == expression, "seed \(seed): \(String(text))")
            #expect(try Expression(jsonText: expression.json.jsonText) == expression, "seed \(seed): \(String(text))")
        }
    }

    @Test("write conjunctions of one and none as what they mean")
    func shortChains() {
        #expect(Expression.and([]).text == "TRUE")
        #expect(Expression.or([]).json == false)
        #expect(Expression.and([.boolean(.property("a"))]).text == "a")
        #expect(Expression.or([.boolean(.property("a"))]).json == ["property": "a"])
    }
}

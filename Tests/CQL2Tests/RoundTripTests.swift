import CQL2
import JSON
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

    @Test("write conjunctions of one and none as what they mean")
    func shortChains() {
        #expect(Expression.and([]).text == "TRUE")
        #expect(Expression.or([]).json == false)
        #expect(Expression.and([.boolean(.property("a"))]).text == "a")
        #expect(Expression.or([.boolean(.property("a"))]).json == ["property": "a"])
    }
}

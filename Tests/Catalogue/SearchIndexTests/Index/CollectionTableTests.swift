import STACAPI
import TestKit
import Testing

@testable import SearchIndex

@Suite("The collections of a snapshot") struct CollectionTableTests {
    private static let ids = ["a", "b", "ada.a", "ada.b", "eve.a", "eve.b.c", "x.é", "x.e\u{301}"]

    private static func sets(_ random: inout SeededGenerator) -> [CollectionSet] {
        [
            .all, .none, .curated, .owned(by: ["ada"]), .owned(by: ["ada", "nobody", "x"]).union(.curated),
            .only(random.pick([["eve.b.c"], ["a", "x.é", "gone"]])),
        ]
    }

    @Test("are selected as if each had been asked, whatever comes and goes", arguments: TestRounds.seeds(20))
    func selected(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var table = CollectionTable()
        var present: [Int64: String] = [:]
        for number in 1...Int64(60) {
            if let known = present.keys.sorted().randomElement(using: &random), Bool.random(using: &random) {
                table[known] = nil
                present[known] = nil
            }
            if let known = present.keys.sorted().randomElement(using: &random) {
                table[known]?.lastChange = number
                table[known + 1_000]?.lastChange = number
            }
            // An id may come back under another number.
            let id = random.pick(Self.ids)
            if !present.values.contains(where: { $0.hasSameBytes(as: id) }) {
                table[number] = CollectionSegments(number: number, id: id)
                present[number] = id
            }
            for set in Self.sets(&random) {
                for names in [nil, [], ["a", "ada.a", "gone", "a"], Self.ids] as [[String]?] {
                    let expected = present.filter { _, id in
                        set.contains(id) && names?.contains { $0.hasSameBytes(as: id) } ?? true
                    }
                    let found = table.selected(names, among: set)
                    #expect(found.map(\.number).sorted() == expected.keys.sorted())
                }
            }
            for id in Self.ids {
                #expect(table[id: id]?.number == present.first { $0.value.hasSameBytes(as: id) }?.key)
            }
            #expect(table.keys.sorted() == present.keys.sorted())
        }
    }
}

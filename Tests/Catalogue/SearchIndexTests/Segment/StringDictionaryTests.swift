import TestKit
import Testing

@testable import ItemFilter
@testable import SearchIndex

@Suite("String dictionary") struct StringDictionaryTests {
    @Test("finds what a linear search finds", arguments: Array(0...40) + [47, 48, 49, 160, 199, 200])
    func lowerBound(count: Int) {
        var random = SeededGenerator(seed: count)
        var texts: Set<[UInt8]> = []
        while texts.count < count { texts.insert(Array(Self.text(&random).utf8)) }
        let sorted = texts.sorted { $0.lexicographicallyPrecedes($1) }
        withDictionary(sorted) { dictionary in
            for (rank, text) in sorted.enumerated() {
                #expect(dictionary[rank] == String(decoding: text, as: UTF8.self))
            }
            let probes = sorted + (0..<50).map { _ in Array(Self.text(&random).utf8) }
            for probe in probes {
                let expected = sorted.firstIndex { !$0.lexicographicallyPrecedes(probe) } ?? count
                let found = dictionary.lowerBound(String(decoding: probe, as: UTF8.self))
                #expect(found.rank == expected)
                let isEqual = expected < count && sorted[expected] == probe
                #expect(found.isEqual == isEqual)
                #expect(dictionary.upperBound(String(decoding: probe, as: UTF8.self)) == expected + (isEqual ? 1 : 0))
            }
            for first in [0, 1, 15, 16, 17, count] where first <= count {
                var ranks: [Int] = []
                dictionary.forEach(from: first) { rank, bytes in
                    #expect(bytes.elementsEqual(sorted[rank]))
                    ranks.append(rank)
                    return true
                }
                #expect(ranks == Array(first..<count))
            }
        }
    }

    @Test("finds the first and the last of equal strings, in whichever blocks they are", arguments: 1...20)
    func equalStrings(count: Int) {
        for place in 0...40 {
            let before = (0..<place).map { [UInt8](repeating: 0, count: $0 + 1) }
            let equal = [[UInt8]](repeating: [1], count: count)
            withDictionary(before + equal + [[2]]) { dictionary in
                #expect(dictionary.lowerBound("\u{1}") == (place, true))
                #expect(dictionary.upperBound("\u{1}") == place + count)
                #expect(dictionary.ranks(.init(lower: "\u{1}", upper: "\u{1}")) == place..<place + count)
            }
        }
    }

    @Test("gives the ranks of a range of strings")
    func ranges() {
        withDictionary(["a", "b", "c"].map { Array($0.utf8) }) { dictionary in
            typealias Range = ValueRanges.StringRange
            #expect(dictionary.ranks(Range()) == 0..<3)
            #expect(dictionary.ranks(Range(lower: "b")) == 1..<3)
            #expect(dictionary.ranks(Range(lower: "b", includesLower: false)) == 2..<3)
            #expect(dictionary.ranks(Range(upper: "b")) == 0..<2)
            #expect(dictionary.ranks(Range(upper: "b", includesUpper: false)) == 0..<1)
            #expect(dictionary.ranks(Range(lower: "aa", upper: "bb")) == 1..<2)
            #expect(dictionary.ranks(Range(lower: "c", upper: "a")).isEmpty)
            #expect(dictionary.ranks(Range(lower: "b", includesLower: false, upper: "b", includesUpper: false)).isEmpty)
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        switch random.integer(0...5) {
        case 0: random.pick(RandomValue.strings)
        case 1: String(repeating: "a", count: random.integer(0...300))
        case 2: "S2A_MSIL2A_2024\(random.integer(0...99999))"
        case 3: random.pick(["é", "e\u{301}", "東京", "😀", "\u{10ffff}", "\u{0}"]) + String(random.integer(0...99))
        default: String(random.integer(0...999))
        }
    }

    private func withDictionary(_ sorted: [[UInt8]], _ body: (StringDictionary) -> Void) {
        var encoder = StringDictionaryEncoder()
        for text in sorted { text.withUnsafeBytes { encoder.append($0) } }
        #expect(encoder.count == sorted.count)
        encoder.blockOffsets.withUnsafeBufferPointer { blocks in
            // An empty array has no address.
            (encoder.bytes + [0]).withUnsafeBufferPointer { bytes in
                body(
                    StringDictionary(
                        count: sorted.count, blockOffsets: blocks.baseAddress!, bytes: bytes.baseAddress!))
            }
        }
    }
}

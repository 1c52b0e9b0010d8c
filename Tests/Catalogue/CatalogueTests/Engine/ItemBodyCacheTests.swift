import TestKit
import Testing

@testable import Catalogue

@Suite("Texts of recent Items") struct ItemTextCacheTests {
    private func text(_ sequence: Int64, byteCount: Int = 10) -> ItemBodyCache.Text {
        .init(
            json: [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: byteCount), linksOffset: Int(sequence))
    }

    @Test("are found in the order of the question")
    func order() {
        let cache = ItemBodyCache(byteLimit: 1_000)
        for sequence in 1...5 { cache.insert(text(Int64(sequence)), of: Int64(sequence)) }
        #expect(cache.texts(of: [5, 9, 1, 5]).map { $0?.linksOffset } == [5, nil, 1, 5])
    }

    @Test("stay below the limit, and are what was put in, whatever is asked", arguments: 0..<20)
    func limit(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let cache = ItemBodyCache(byteLimit: 500)
        for _ in 0..<2_000 {
            let sequence = Int64.random(in: 0..<60, using: &random)
            if let found = cache.texts(of: [sequence])[0] {
                #expect(found.linksOffset == Int(sequence))
                #expect(found.json.allSatisfy { $0 == UInt8(sequence) })
            } else {
                cache.insert(text(sequence, byteCount: Int.random(in: 0...31, using: &random)), of: sequence)
                #expect(cache.texts(of: [sequence])[0] != nil)
            }
            #expect(cache.byteCount <= 500)
        }
    }

    @Test("that others come back for stay while somebody reads everything once")
    func scan() {
        let cache = ItemBodyCache(byteLimit: 1_000)
        let popular: [Int64] = [1, 2, 3, 4, 5]
        for sequence in popular { cache.insert(text(sequence), of: sequence) }
        for sequence in Int64(100)..<1_100 {
            cache.insert(text(sequence), of: sequence)
            if sequence % 50 == 0 { #expect(cache.texts(of: popular).allSatisfy { $0 != nil }) }
        }
        #expect(cache.texts(of: [100]).allSatisfy { $0 == nil })
    }

    @Test("that are too large, or for which there is no room, are not kept")
    func tooLarge() {
        let cache = ItemBodyCache(byteLimit: 1_000)
        cache.insert(text(1, byteCount: 63), of: 1)
        cache.insert(text(2), of: 2)
        #expect(cache.texts(of: [1, 2]).map { $0 != nil } == [false, true])
        let none = ItemBodyCache(byteLimit: 0)
        none.insert(text(3), of: 3)
        #expect(none.texts(of: [3]).allSatisfy { $0 == nil })
    }
}

import Caching
import TestKit
import Testing

@Suite("A cache") struct CacheTests {
    @Test("gives values in the order of the keys")
    func order() {
        let cache = Cache<Int, String>(byteLimit: 1_000)
        for number in 1...5 { cache.insert("\(number)", for: number, byteCount: 10) }
        #expect(cache.values(for: [5, 9, 1, 5]) == ["5", nil, "1", "5"])
        #expect(cache.value(for: 3) == "3" && cache.value(for: 6) == nil)
        #expect(cache.byteCount == 50)
    }

    @Test("stays below its limit, and gives what was put in, whatever is asked", arguments: 0..<20)
    func limit(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let cache = Cache<Int, Int>(byteLimit: 500)
        var byteCounts: [Int: Int] = [:]
        for _ in 0..<2_000 {
            let key = Int.random(in: 0..<60, using: &random)
            if let found = cache.value(for: key) {
                #expect(found == -key)
            } else {
                byteCounts[key] = Int.random(in: 0...31, using: &random)
                cache.insert(-key, for: key, byteCount: byteCounts[key]!)
                #expect(cache.value(for: key) == -key)
            }
            #expect(cache.byteCount <= 500)
        }
        let kept = (0..<60).filter { cache.value(for: $0) != nil }
        #expect(kept.reduce(0) { $0 + max(1, byteCounts[$1]!) } == cache.byteCount)
    }

    @Test("keeps what others come back for while somebody reads everything once")
    func scan() {
        let cache = Cache<Int, Int>(byteLimit: 1_000)
        let popular = [1, 2, 3, 4, 5]
        for key in popular { cache.insert(key, for: key, byteCount: 10) }
        for key in 100..<1_100 {
            cache.insert(key, for: key, byteCount: 10)
            if key % 50 == 0 { #expect(cache.values(for: popular).allSatisfy { $0 != nil }) }
        }
        #expect(cache.value(for: 100) == nil)
    }

    @Test("does not keep what is too large")
    func tooLarge() {
        let cache = Cache<Int, Int>(byteLimit: 1_000)
        cache.insert(1, for: 1, byteCount: 63)
        cache.insert(2, for: 2, byteCount: 62)
        #expect(cache.values(for: [1, 2]) == [nil, 2])
        let few = Cache<Int, Int>(byteLimit: 100, entryByteLimit: 100)
        few.insert(1, for: 1, byteCount: 100)
        few.insert(2, for: 2, byteCount: 101)
        #expect(few.values(for: [1, 2]) == [1, nil])
        let none = Cache<Int, Int>(byteLimit: 0)
        none.insert(3, for: 3, byteCount: 0)
        #expect(none.value(for: 3) == nil)
    }

    @Test("keeps no more values than bytes, also of empty ones")
    func empty() {
        let cache = Cache<Int, Int>(byteLimit: 32)
        for key in 0..<1_000 { cache.insert(key, for: key, byteCount: 0) }
        #expect((0..<1_000).count { cache.value(for: $0) != nil } == 32)
    }

    @Test("changes a value in its place, and keeps the first of two for a key")
    func changes() {
        let cache = Cache<Int, [Int]>(byteLimit: 1_000)
        cache.insert([1], for: 1, byteCount: 8)
        cache.insert([2], for: 1, byteCount: 8)
        cache.update(1) { $0.append(3) }
        cache.update(2) { $0.append(4) }
        #expect(cache.values(for: [1, 2]) == [[1, 3], nil])
        #expect(cache.byteCount == 8)
    }

    @Test("is as new when all is removed")
    func removeAll() {
        let cache = Cache<Int, Int>(byteLimit: 500)
        for round in 0..<3 {
            for key in 0..<100 {
                cache.insert(round, for: key, byteCount: 10)
                _ = cache.value(for: key / 2)
            }
            #expect(cache.value(for: 99) == round && cache.byteCount == 500)
            cache.removeAll()
            #expect(cache.value(for: 99) == nil && cache.byteCount == 0)
        }
    }
}

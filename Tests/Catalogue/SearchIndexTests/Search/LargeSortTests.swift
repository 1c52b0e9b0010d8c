import JSON
import STACAPI
import SearchIndex
import TestKit
import Testing

@Suite("Sorting thousands of rows of one segment") struct LargeSortTests {
    @Test("by numbers, some missing", arguments: [SortKey.Direction.ascending, .descending])
    func numbers(direction: SortKey.Direction) throws {
        var random = SeededGenerator(seed: 1)
        let count = 5_000
        let values: [Int?] = (0..<count).map { _ in random.chance(5) ? nil : random.integer(0...2_000) }
        let catalogue = try SmallCatalogue(
            values.enumerated().map { number, value in
                SmallCatalogue.item(
                    "\(10_000 + number)", "\"n\":\(value.map { String($0) } ?? (number % 2 == 0 ? "[]" : "null"))")
            })
        // Ids, like sequences, grow with the number.
        let numbers = (0..<count).sorted { left, right in
            switch (values[left], values[right]) {
            case (let one?, let other?) where one != other: direction == .ascending ? one < other : one > other
            case (nil, _?): false
            case (_?, nil): true
            default: direction == .ascending ? left < right : left > right
            }
        }
        for limit in [1, 50, 4_096, count] {
            var request = SearchRequest(sortBy: [SortKey("n", direction)], limit: limit)
            for page in 0..<3 where page * limit < count {
                let outcome = try catalogue.outcome(request)
                let expected = numbers[page * limit..<min(count, (page + 1) * limit)]
                #expect(outcome.hits.map { Int($0.sequence) - 1 } == Array(expected))
                request.cursor = outcome.next
            }
        }
    }
}

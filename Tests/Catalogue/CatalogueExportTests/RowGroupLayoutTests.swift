import SearchIndex
import Temporal
import Testing

@testable import CatalogueExport

struct RowGroupLayoutTests {
    private static func places(_ count: Int, days: Int) -> [ItemPlace] {
        let start = Timestamp(year: 2023, month: 1, day: 1)?.microseconds ?? 0
        return (0..<count).map { number in
            // Numbers without common factors with their ranges: spread, and always the same.
            ItemPlace(
                sequence: Int64(number + 1), time: start + Int64(number * 7919 % days) * 86_400_000_000,
                curvePlace: UInt32(truncatingIfNeeded: number &* 2_654_435_761), idRank: UInt64(number))
        }
    }

    @Test(arguments: [0, 1, 2_047, 2_048, 5_000, 40_000], [1_000, 16_384])
    func everyItemHasItsPlace(count: Int, rowCount: Int) {
        let places = Self.places(count, days: 365)
        let span = SpanLength.year.span(of: places.first?.time ?? 0)
        let groups = RowGroupLayout(rowCount: rowCount).groups(places, in: span)
        #expect(groups.flatMap { $0 }.sorted() == places.map(\.sequence).sorted())
        #expect(groups.allSatisfy { $0.count <= rowCount })
    }

    @Test func monthsOfManyItemsHaveRowGroupsOfTheirOwn() {
        let places = Self.places(60_000, days: 365)
        let span = SpanLength.year.span(of: places[0].time)
        let months = Dictionary(uniqueKeysWithValues: places.map { ($0.sequence, SpanLength.month.span(of: $0.time)) })
        for group in RowGroupLayout(rowCount: 4_096).groups(places, in: span) {
            #expect(Set(group.map { months[$0] }).count == 1)
        }
    }

    @Test func pagesAreCloseInSpaceAndSortedByTime() {
        let places = Self.places(30_000, days: 28)
        let span = SpanLength.month.span(of: places[0].time)
        let byID = Dictionary(uniqueKeysWithValues: places.map { ($0.sequence, $0) })
        for group in RowGroupLayout(rowCount: 1 << 20).groups(places, in: span) {
            var lastEnd: UInt32 = 0
            for start in stride(from: 0, to: group.count, by: 2_048) {
                let page = group[start..<min(start + 2_048, group.count)].compactMap { byID[$0] }
                #expect(page.map(\.time) == page.map(\.time).sorted())
                #expect(page.map(\.curvePlace).min() ?? 0 >= lastEnd)
                lastEnd = page.map(\.curvePlace).max() ?? 0
            }
        }
    }
}

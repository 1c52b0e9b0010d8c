import Geo
import STACAPI
import Temporal
import TestKit

/// Makes search requests without a cursor.
enum RandomRequest {
    /// - Parameter itemCount: Items in the catalogue; limits are such that paging through all takes few pages.
    static func request(itemCount: Int, _ random: inout SeededGenerator) -> SearchRequest {
        var request = SearchRequest()
        if random.chance(35) {
            request.collections = random.pick([
                [], ["alpha"], ["alpha", "beta.x"], ["unknown"], ["unknown", "alpha", "é"],
            ])
        }
        if random.chance(15) { request.ids = (0..<random.integer(0...12)).map { _ in RandomItem.id(&random) } }
        if random.chance(45) {
            request.area = random.chance(50) ? Geometry(random.boundingBox()) : random.queryGeometry()
        }
        if random.chance(5) { request.elevation = random.pick([0...0, 5...150, -10 ... -1, 101...101]) }
        if random.chance(35) { request.datetime = interval(&random) }
        if random.chance(65) { request.filter = RandomFilter.expression(&random) }
        if random.chance(30) { request.text = RandomText.expression(&random) }
        request.sortBy = (0..<random.integer(0...random.pick([0, 1, 3]))).map { _ in
            SortKey(sortName(&random), random.pick([.ascending, .descending]))
        }
        switch random.integer(0...19) {
        case 0: request.limit = 0
        case 1: request.limit = itemCount
        case 2: request.limit = 10_000
        default: request.limit = itemCount / 12 + random.integer(1...12)
        }
        return request
    }

    static func sortName(_ random: inout SeededGenerator) -> String {
        switch random.integer(0...3) {
        case 0: random.pick(["datetime", "properties.datetime", "start_datetime", "end_datetime"])
        case 1: random.pick(["id", "collection", "properties.id", "geometry", "unknown"])
        default: RandomFilter.name(&random)
        }
    }

    private static func interval(_ random: inout SeededGenerator) -> DateTimeInterval {
        let instants = [random.instant(), random.instant()].sorted()
        // In order.
        switch random.integer(0...3) {
        case 0: return DateTimeInterval(instant: instants[0])
        case 1: return (try? DateTimeInterval(start: nil, end: instants[1]))!
        case 2: return (try? DateTimeInterval(start: instants[0], end: nil))!
        default: return (try? DateTimeInterval(start: instants[0], end: instants[1]))!
        }
    }
}

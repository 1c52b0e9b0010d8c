import CQL2
import Geo
import STACAPI
import Temporal
import TestKit

/// Searches by everything that there is to search by.
struct RandomRequests {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func request() throws -> SearchRequest {
        var request = SearchRequest()
        if random.chance(30) { request.area = try area() }
        if random.chance(30) {
            let times = [random.pick(RandomItems.times), random.pick(RandomItems.times)].sorted()
            request.datetime = try DateTimeInterval(
                random.pick([times[0], times.joined(separator: "/"), "../" + times[1]]))
        }
        if random.chance(10) { request.ids = (0..<5).map { _ in "item-\(Int.random(in: 0..<400, using: &random))" } }
        if random.chance(10) { request.collections = [random.pick(["one", "two", "three"])] }
        if random.chance(70) {
            request.filter = try Expression(text: filter(depth: 3))
        }
        if random.chance(50) {
            request.sortBy = [
                SortKey(
                    random.pick(["n:number", "t:text", "datetime", "id", "m:any", "updated"]),
                    random.pick([.ascending, .descending]))
            ]
        }
        return request
    }

    private mutating func area() throws -> Geometry {
        let west = Double.random(in: -175...120, using: &random)
        let south = Double.random(in: -80...50, using: &random)
        if random.chance(30) {
            return Geometry(
                try BoundingBox(west: 165, south: south, east: random.pick([-178, -170, 100]), north: south + 25))
        }
        return Geometry(try BoundingBox(west: west, south: south, east: west + 40, north: south + 25))
    }

    private mutating func filter(depth: Int) -> String {
        if depth > 0, random.chance(50) {
            let word = random.pick([" AND ", " AND ", " OR "])
            let text = "(" + filter(depth: depth - 1) + word + filter(depth: depth - 1) + ")"
            return random.chance(15) ? "NOT " + text : text
        }
        let text = "'" + random.pick(RandomItems.texts).replacing("'", with: "''") + "'"
        let number = "\(random.pick(RandomItems.numbers))"
        let time = "TIMESTAMP('\(random.pick(RandomItems.times))')"
        let comparison = random.pick(["=", "<>", "<", "<=", ">", ">="])
        let numeric = random.pick(["\"n:number\"", "\"n:whole\"", "\"m:any\"", "\"unknown\"", "\"o:nested.deep\""])
        let textual = random.pick(["\"t:text\"", "id", "collection", "\"m:any\"", "updated"])
        let temporal = random.pick(["datetime", "updated", "start_datetime", "\"t:text\"", "\"m:any\""])
        return random.pick([
            "\(numeric) \(comparison) \(number)", "\(textual) \(comparison) \(text)",
            "\(temporal) \(comparison) \(time)",
            "\(numeric) BETWEEN 0 AND \(number)", "\(textual) IN (\(text), 'a', 'item-7')", "\(textual) LIKE '%a%'",
            "\(numeric) IN (1, 2, \(number))", "\(textual) IS NULL", "\"b:flag\"", "\"n:number\" > \"n:whole\"",
            "T_INTERSECTS(datetime, INTERVAL('2021-01-01T00:00:00Z', '..'))", "\"assets.B04.gsd\" > 15",
            "A_CONTAINS(\"l:texts\", ('VV'))", "S_INTERSECTS(geometry, BBOX(-10, -10, 60, 40))",
            "S_WITHIN(geometry, BBOX(-60, -50, 90, 60))", "S_INTERSECTS(geometry, BBOX(170, -60, -170, 60))",
            "NOT S_DISJOINT(geometry, POINT(10 20))",
        ])
    }
}

import JSON
import TestKit

/// Items with awkward properties: missing, null, of several types, nested, across the antimeridian.
struct RandomItems {
    static let texts = ["a", "A", "b", "ä", "", "10%", "2021-03-01", "2021-03-01T00:00:00Z", "it's", "😀", "zz"]
    static let times = [
        "2020-12-31T23:59:59.999999Z", "2021-01-01T00:00:00Z", "2021-03-01T12:30:00.25Z", "2022-01-01T00:00:00Z",
    ]
    static let numbers: [Double] = [-2.5, -1, 0, 0.1, 1, 2, 3, 7.25, 10, 1e6]

    private var random: SeededGenerator
    /// Whether some properties hold values of any type.
    private let isMixed: Bool

    init(seed: UInt64, isMixed: Bool) {
        random = SeededGenerator(seed: seed)
        self.isMixed = isMixed
    }

    mutating func items(_ count: Int) -> [JSONValue] { (0..<count).map { item($0) } }

    private mutating func item(_ number: Int) -> JSONValue {
        var (geometry, box) = place()
        var properties: JSONObject = ["datetime": .string(random.pick(Self.times))]
        if random.chance(30) {
            properties["datetime"] = .null
            properties["start_datetime"] = .string(Self.times[1])
            properties["end_datetime"] = .string(random.pick(Array(Self.times[1...])))
        }
        if random.chance(80) { properties["t:text"] = .string(random.pick(Self.texts)) }
        if random.chance(80) { properties["n:number"] = JSONValue(random.pick(Self.numbers)) }
        if random.chance(80) { properties["n:whole"] = JSONValue(Int.random(in: -3...12, using: &random)) }
        if random.chance(80) { properties["b:flag"] = .bool(random.chance(50)) }
        if random.chance(50) {
            properties["l:texts"] = .array(["VV", "VH"].shuffled(using: &random).map { .string($0) })
        }
        if random.chance(30) { properties["updated"] = .string(random.pick(Self.times)) }
        if random.chance(20) { properties["o:nested"] = ["deep": JSONValue(Int.random(in: 0...2, using: &random))] }
        if isMixed {
            properties["m:any"] = random.pick([
                .string(random.pick(Self.texts)), JSONValue(random.pick(Self.numbers)), .bool(true), .null, [1, "VV"],
                ["deep": 1],
            ])
            // More digits than a time column keeps, and integers that no double holds.
            if random.chance(10) { properties["updated"] = "2021-03-01T12:30:00.123456789+01:00" }
            if random.chance(10) { properties["n:whole"] = JSONValue(9_007_199_254_740_993) }
            if random.chance(5) { (geometry, box) = (.null, nil) }
        }
        var item: JSONObject = [
            "type": "Feature", "stac_version": "1.1.0",
            "id": .string("item-\(number)"), "collection": .string(random.chance(80) ? "one" : "two"),
            "geometry": geometry, "properties": .object(properties), "links": [],
            "assets": ["B04": ["href": "b04.tif", "gsd": JSONValue(random.pick([10, 20]))]],
        ]
        if let box { item["bbox"] = box }
        return .object(item)
    }

    private mutating func place() -> (geometry: JSONValue, box: JSONValue?) {
        let x = Double.random(in: -170...150, using: &random)
        let y = Double.random(in: -80...70, using: &random)
        func ring(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> JSONValue {
            let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
            return .array(corners.map { [JSONValue($0.0), JSONValue($0.1)] })
        }
        if random.chance(10) {
            let west = Double.random(in: 160...179, using: &random)
            return (
                ["type": "MultiPolygon", "coordinates": [[ring(west, y, 180, y + 5)], [ring(-180, y, -175, y + 5)]]],
                [JSONValue(west), JSONValue(y), -175, JSONValue(y + 5)]
            )
        }
        let width = Double.random(in: 0.5...20, using: &random)
        let height = Double.random(in: 0.5...10, using: &random)
        return (
            ["type": "Polygon", "coordinates": [ring(x, y, x + width, y + height)]],
            [JSONValue(x), JSONValue(y), JSONValue(x + width), JSONValue(y + height)]
        )
    }
}

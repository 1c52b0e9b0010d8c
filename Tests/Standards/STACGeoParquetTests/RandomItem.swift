import JSON
import TestKit

/// Makes Items of all kinds that JSON allows, the same for the same seed.
struct RandomItem {
    private var random: SeededGenerator
    /// The values of a name in this collection: of one kind, or of any.
    private var habits: [String: Int] = [:]
    private let isWild: Bool
    private let assetCount: Int

    static let names = [
        "a", "b", "a/b", "~", "x~1y", "/", "", "id", "bbox", "type", "links", "assets", "geometry", "collection",
        "properties", "terrabyte:overflow", "ünï", "quo\"te", "new\nline", "back\\slash", "a.b", "element", "list",
        "key",
        "created", "updated", "eo:cloud_cover", "\u{1F6F0}", "Id", "tab\t",
    ]
    static let texts = [
        "", "text", "2020-01-01T00:00:00Z", "ünïcode", "\u{0}", "\"", "\\", "a\nb", "\u{1F30D}", "null", "{}", "0",
        "\u{7f}", "\u{2028}",
    ]
    static let numbers = [
        "0", "-0", "-0.0", "0.1", "1", "-7", "1.0", "1e300", "5e-324", "1E+2", "123456789", "9007199254740993",
        "-9223372036854775808", "9223372036854775807", "9223372036854775808", "123456789012345678901234567890",
        "3.141592653589793", "0.30000000000000004", "1e-7", "999999999999999", "1000000000000000.5", "2.50",
    ]
    static let times = [
        "2020-01-01T00:00:00Z", "2020-06-15T12:30:45.5Z", "2020-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999999Z",
        "2021-02-03T04:05:06.123456Z", "2021-02-03T04:05:06+02:00", "2021-02-03T04:05:06.123456789Z",
        "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2020-01-01t00:00:00z",
        "2020-01-01T00:00:00.1234567Z", "2020-01-01T00:00:00-00:00",
    ]

    init(seed: some BinaryInteger) {
        random = SeededGenerator(seed: seed)
        isWild = seed % 3 == 0
        assetCount = seed % 7 == 0 ? 3_000 : 12
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &random)]
    }

    private mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }

    private mutating func number(_ texts: ArraySlice<String>) -> JSONValue {
        .number(JSONNumber(pick(Array(texts)))!)
    }

    mutating func item(_ index: Int) -> JSONValue {
        var item = JSONObject()
        func put(_ name: String, _ value: JSONValue) { item[name] = value }
        if !chance(0.1) { put("type", "Feature") }
        put("stac_version", "1.1.0")
        if !chance(0.1) { put("stac_extensions", chance(0.3) ? [] : ["https://example.com/x", "y"]) }
        put("id", isWild && chance(0.03) ? 7 : .string("item-\(index)"))
        if !chance(0.1) { put("geometry", geometry()) }
        if !chance(0.2) { put("bbox", box()) }
        if !(isWild && chance(0.05)) { put("properties", isWild && chance(0.05) ? pick([nil, 3, []]) : properties()) }
        if !chance(0.1) { put("links", links()) }
        if !chance(0.1) { put("assets", assets()) }
        if !chance(0.2) { put("collection", isWild && chance(0.05) ? nil : "things") }
        if isWild, chance(0.1) { put(pick(["foreign", "x/y", "Terrabyte"]), value("foreign", 0)) }
        if isWild, chance(0.05) {
            put(pick(["links", "assets", "bbox", "stac_extensions", "type"]), value("wrong", 0))
        }
        return .object(item)
    }

    private mutating func properties() -> JSONValue {
        var object = JSONObject()
        object["datetime"] = chance(0.2) ? nil : .string(time())
        if object["datetime"] == nil, !chance(0.1) { object["datetime"] = .null }
        for name in ["start_datetime", "created", "updated"] where chance(0.4) {
            object[name] = chance(0.1) ? .null : .string(time())
        }
        if isWild, chance(0.05) { object["created"] = "yesterday" }
        if chance(0.3) { object["proj:geometry"] = geometry() }
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let name = pick(Self.names)
            // At the top of `properties`: members of objects have habits of their own.
            object[name] = value(name, 0)
        }
        return .object(object)
    }

    /// Mostly in the same form, as data are.
    private mutating func time() -> String {
        isWild
            ? pick(Self.times)
            : chance(0.9) ? "2021-02-03T04:05:06.\(Int.random(in: 100..<1_000, using: &random))Z" : Self.times[0]
    }

    private mutating func assets() -> JSONValue {
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0..<6, using: &random) {
            let key = "B\(Int.random(in: 0..<assetCount, using: &random))"
            var asset: JSONObject = ["href": .string("https://example.com/\(key)")]
            if chance(0.1) { asset = JSONObject() }
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                let name = pick(Self.names)
                asset[name] = value("asset " + name, 0)
            }
            object[key] = .object(asset)
        }
        return .object(object)
    }

    private mutating func links() -> JSONValue {
        if chance(0.2) { return [] }
        var link: JSONObject = ["href": "https://example.com", "rel": "self"]
        if chance(0.3) { link["title"] = chance(0.5) ? .null : "Title" }
        if chance(0.3) { link["body"] = value("body", 0) }
        return isWild && chance(0.05) ? ["text", .object(link)] : [.object(link), .object(link)]
    }

    private mutating func box() -> JSONValue {
        if isWild, chance(0.1) { return pick([nil, [], [1, 2, 3, 4, 5], "box", [1, 2, 3, "4"]]) }
        return chance(0.3) ? [-1.5, 2, 100, 3, 4.25, 200] : [170, -10.5, -170, 10]
    }

    /// A value such as the name usually has.
    private mutating func value(_ name: String, _ depth: Int) -> JSONValue {
        let habit = habits[name] ?? Int.random(in: 0..<13, using: &random)
        habits[name] = habit
        if chance(0.08) { return nil }
        switch isWild && chance(0.1) ? Int.random(in: 0..<13, using: &random) : habit {
        case 0: return .bool(chance(0.5))
        case 1: return number(["1", "-7", "123456789", "0", "-0"])
        case 2: return number(["9007199254740993", "-9223372036854775808", "9223372036854775807", "5"])
        case 3: return number(["0.1", "1.0", "1e300", "5e-324", "-0.0", "2.50", "7", "3.141592653589793"])
        case 4: return number(Self.numbers[...])
        case 5, 6: return .string(pick(Self.texts))
        case 7: return .string(time())
        case 8: return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(name + "[]", depth + 1) })
        case 9, 10:
            var object = JSONObject()
            guard depth < 4 else { return .object(object) }
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                let member = pick(Self.names)
                object[member] = value(name + "/" + member, depth + 1)
            }
            return .object(object)
        case 11:
            // Far deeper than columns go.
            return (0..<Int.random(in: 8..<30, using: &random)).reduce(value(name + "!", depth + 1)) { inner, level in
                level % 2 == 0 ? [inner] : ["deep": inner]
            }
        default: return depth > 2 ? 1 : geometry()
        }
    }

    // MARK: Geometry

    private mutating func geometry() -> JSONValue {
        if chance(0.1) { return nil }
        let hasHeights = chance(0.2)
        func position(_ x: Double, _ y: Double) -> JSONValue {
            hasHeights ? [JSONValue(x), JSONValue(y), 12.5] : [JSONValue(x), JSONValue(y)]
        }
        let ring: JSONValue = [position(0, 0), position(1.5, 0), position(1, 1), position(0, 0)]
        func geometry(_ type: String, _ coordinates: JSONValue) -> JSONValue {
            ["type": .string(type), "coordinates": coordinates]
        }
        switch Int.random(in: 0..<(isWild ? 14 : 8), using: &random) {
        case 0: return geometry("Point", position(179.999999999, -89.9))
        case 1: return geometry("LineString", [position(1, 2), position(3, 4)])
        case 2: return geometry("MultiPoint", [position(1, 2), position(3, 4)])
        case 3: return geometry("MultiPolygon", [[ring], [ring, ring]])
        case 4: return geometry("MultiLineString", [[position(1, 2), position(3, 4)]])
        case 5:
            return [
                "type": "GeometryCollection",
                "geometries": [geometry("Polygon", [ring]), geometry("Point", position(0, 1))],
            ]
        case 8: return geometry("LineString", [[1, 2], [3, 4, 5]])
        case 9: return ["coordinates": [ring], "type": "Polygon", "name": "mine"]
        case 10: return geometry("Point", [])
        case 11: return geometry("Point", [500_000, 5_300_000])
        case 12: return ["type": "GeometryCollection", "geometries": []]
        case 13: return geometry("Circle", "none")
        default: return geometry("Polygon", [ring])
        }
    }
}

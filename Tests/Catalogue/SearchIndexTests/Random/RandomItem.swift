import Geo
import JSON
import Temporal
import TestKit

/// Makes Items as JSON text.
struct RandomItem {
    /// Names of properties, and what most Items hold under them.
    static let names = [
        "n", "m", "eo:cloud_cover", "s", "platform", "b", "t", "mixed", "a", "a.b", "a.b.c", "g", "list", "type", "id",
        "geometry", "assets", "é", "e\u{301}", "", "updated", "sparse", "pure", "when",
        "title", "description", "keywords", "x:title", "x:comment",
    ]

    static let ids = [
        "S2A_MSIL2A_1", "S2A_MSIL2A_2", "S2A_MSIL2A_10", "S2A_MSIL2A_1x", "S2A", "S2", "s2a", "é", "e\u{301}", "e", "f",
        "ü",
        "u\u{308}", "東京", "😀", "\"quoted\"", "a/b", "%", "_", "~", " ", "2020-01-01T00:00:00Z", "2020-01-01", "1",
        "\u{0}1",
    ]

    static func id(_ random: inout SeededGenerator) -> String {
        random.chance(40) ? random.pick(ids) : "LC0\(random.integer(8...9))_\(random.integer(0...150))"
    }

    static func text(id: String, collection: String, _ random: inout SeededGenerator) -> String {
        var properties = times(&random)
        for name in names.shuffled(using: &random) where random.chance(name == "sparse" ? 3 : 60) {
            properties.append("\(random.stringJSON(name)):\(value(of: name, &random))")
        }
        var members = ["\"type\":\"Feature\"", "\"stac_version\":\"1.1.0\"", "\"id\":\(random.stringJSON(id))"]
        members.append("\"collection\":\(RandomValue.quoted(collection))")
        members.append("\"geometry\":\(geometry(&random))")
        if random.chance(60) { members.append("\"bbox\":\(bbox(&random))") }
        if random.chance(50) { properties = properties.shuffled(using: &random) }
        members.append("\"properties\":{\(properties.joined(separator: ","))}")
        members.append(
            "\"assets\":\(random.pick(["{}", "{\"data\":{\"href\":\"a\"}}", "{\"data\":{\"href\":\"b\"}}"]))")
        return "{\(members.joined(separator: ","))}"
    }

    private static func times(_ random: inout SeededGenerator) -> [String] {
        let texts = [random.pick(RandomValue.timestamps), random.pick(RandomValue.timestamps)]
        // All of them are timestamps; the later one is the end.
        let isReversed = Timestamp(texts[1])! < Timestamp(texts[0])!
        let (start, end) = isReversed ? (texts[1], texts[0]) : (texts[0], texts[1])
        let bounds = ["\"start_datetime\":\"\(start)\"", "\"end_datetime\":\"\(end)\""]
        switch random.integer(0...9) {
        case 0...1: return ["\"datetime\":null"] + bounds
        case 2: return ["\"datetime\":\"\(random.pick(RandomValue.timestamps))\""] + bounds
        default: return ["\"datetime\":\"\(random.pick(RandomValue.timestamps))\""]
        }
    }

    private static func value(of name: String, _ random: inout SeededGenerator) -> String {
        // Of one type only: these let whole segments be passed over.
        if name == "pure" { return String(random.integer(0...9)) }
        if name == "when" { return "\"\(random.pick(RandomValue.timestamps))\"" }
        if random.chance(8) { return "null" }
        switch name {
        case "title", "description", "x:title", "x:comment":
            return random.stringJSON(RandomText.text(&random, words: 0...8))
        case "keywords":
            return
                "[\((0..<random.integer(0...3)).map { _ in random.stringJSON(RandomText.text(&random, words: 1...2)) }.joined(separator: ","))]"
        default: break
        }
        if random.chance(6) { return anyValue(&random) }
        switch name {
        case "n", "eo:cloud_cover": return random.pick(RandomValue.numbers)
        case "m": return String(random.integer(0...3))
        case "s", "platform", "type", "id", "é", "e\u{301}", "":
            return random.stringJSON(random.pick(RandomValue.strings))
        case "b": return random.pick(["true", "false"])
        case "t", "updated": return random.stringJSON(random.timestampText())
        case "a", "list", "assets": return random.pick(RandomValue.structures)
        case "g": return random.geometry().geoJSON.jsonText
        default: return anyValue(&random)
        }
    }

    private static func anyValue(_ random: inout SeededGenerator) -> String {
        switch random.integer(0...5) {
        case 0: random.pick(RandomValue.numbers)
        case 1: random.stringJSON(random.pick(RandomValue.strings))
        case 2: random.pick(["true", "false"])
        case 3: random.stringJSON(random.timestampText())
        case 4: random.pick(RandomValue.structures)
        default: random.chance(20) ? random.stringJSON(random.pick(RandomValue.long)) : "null"
        }
    }

    private static func geometry(_ random: inout SeededGenerator) -> String {
        random.chance(8) ? "null" : random.geometry().geoJSON.jsonText
    }

    private static func bbox(_ random: inout SeededGenerator) -> String {
        random.pick(["[0,0,10,10]", "[0,0,-5,10,10,5]", "[0,0,100,10,10,200]", "[170,-10,0,-170,10,0]"])
    }
}

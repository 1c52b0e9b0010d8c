import HTTPTypes
import HummingbirdTesting
import JSON
import TestKit

/// A request of any kind, also of those that are wrong.
struct RandomRequest: Sendable {
    let person: Person
    let method: HTTPRequest.Method
    let path: String
    var body: JSONValue?
    var headers: HTTPFields = [:]

    private static let people: [Person] = [
        .anonymous, .user, .reader, .writer, .writer, .manager, .administrator, .curator, .service, .operator, .revoked,
    ]

    init(_ random: inout SeededGenerator) {
        person = random.pick(Self.people)
        let root = random.pick(["/public/api", "/private/api", "/private/api"])
        let collection = Self.collection(&random, person)
        let base = "\(root)/collections/\(collection)"
        let item = random.pick(["item-0", "item-1", "item-2", "new-1", "\(Catalogues.mark)-1", "nosuch"])
        if random.chance(15) {
            headers[.accept] = random.pick(["application/x-ndjson", "application/vnd.apache.parquet"])
        }
        if random.chance(10) { headers[.acceptEncoding] = "gzip" }
        switch random.integer(0...19) {
        case 0...4: (method, path) = (.get, "\(root)/search?" + Self.query(&random, person))
        case 5, 6:
            (method, path) = (.post, "\(root)/search")
            body = Self.search(&random, person)
        case 7:
            let names = random.pick([
                "total_count", "collection_frequency,platform_frequency", "datetime_frequency",
                "total_count,\(Catalogues.mark)_frequency", "cloud_cover_frequency",
            ])
            let of = random.chance(50) ? base : root
            (method, path) = (.get, "\(of)/aggregate?aggregations=\(names)&" + Self.query(&random, person))
        case 8:
            (method, path) = (
                .get,
                random.pick([root, base]) + random.pick(["/queryables", "/sortables", "/aggregations", ""])
            )
        case 9, 10:
            let list = random.pick(["/collections", "/collections-search", "/children"])
            let query = random.pick([
                "", "?q=fields", "?q=\(Catalogues.mark)", "?limit=2", "?sortby=-title", "?bbox=0,50,10,70",
                "?filter=title%20LIKE%20'A%25'", "?filter=id%20=%20'\(Catalogues.hidden[2])'", "?curated=true",
                "?fields=id",
            ])
            (method, path) = (.get, root + list + query)
        case 11: (method, path) = (.get, base + random.pick(["", "/browse", "/browse/2024", "/browse/2024-03"]))
        case 12, 13: (method, path) = (.get, "\(base)/items?" + Self.query(&random, person))
        case 14: (method, path) = (random.pick([.get, .head]), "\(base)/items/\(item)")
        case 15:
            let other = random.pick([collection, "\(person.rawValue).made", "\(collection)-2"])
            (method, path) = (.post, "\(root)/collections")
            body = Catalogues.collection(other, title: random.pick(["Fields", "More fields"]))
        case 16:
            (method, path) = (.post, random.pick(["\(base)/items", "\(base)/bulk_items"]))
            let made = Catalogues.item(random.integer(0...9), id: item, of: collection)
            body = path.hasSuffix("bulk_items") ? ["items": .object([item: made]), "method": "upsert"] : made
        case 17:
            (method, path) = (random.pick([.put, .patch, .delete]), "\(base)/items/\(item)")
            if method == .put { body = Catalogues.item(random.integer(0...9), id: item, of: collection) }
            if method == .patch { body = ["properties": ["eo:cloud_cover": JSONValue(random.integer(0...99))]] }
            if random.chance(30) { headers[random.pick([.ifMatch, .ifNoneMatch])] = random.pick(["*", "\"17\""]) }
        case 18:
            (method, path) = (random.pick([.put, .patch, .delete]), base)
            if method == .put { body = Catalogues.collection(collection, title: "Put") }
            if method == .patch { body = ["title": "Patched"] }
        default:
            (method, path) = (.post, "\(base)/move")
            body = ["id": .string(random.pick(["\(person.rawValue).moved", Catalogues.hidden[2], Catalogues.shared]))]
        }
    }

    private static func collection(_ random: inout SeededGenerator, _ person: Person) -> String {
        random.pick(
            [Catalogues.curated, Catalogues.shared, "\(person.rawValue).fields", "zoe.nosuch"] + Catalogues.hidden)
    }

    /// Conditions of a search in a query.
    private static func query(_ random: inout SeededGenerator, _ person: Person) -> String {
        var parts: [String] = []
        if random.chance(30) { parts.append("limit=\(random.integer(0...6))") }
        if random.chance(30) {
            let ids = (0..<random.integer(1...3)).map { _ in collection(&random, person) }
            parts.append("collections=\(ids.joined(separator: ","))")
        }
        if random.chance(40) {
            // Divided by zero, cast, compared with what only hidden Items have.
            parts.append(
                "filter="
                    + random.pick([
                        "eo:cloud_cover%20%3C%2025", "eo:cloud_cover%20/%20zero%20%3E%201",
                        "%22\(Catalogues.mark):value%22%20%3E%201", "platform%20=%20'\(Catalogues.mark)'",
                        "platform%20%2B%201%20%3E%202", "NOT%20(platform%20=%20'sentinel-2a')",
                        "%22\(Catalogues.mark):value%22%20IS%20NULL", "eo:cloud_cover%20%3C", "nosuch%20=%201",
                        "S_INTERSECTS(geometry,%20POINT(1%2060))",
                    ]))
        }
        if random.chance(25) {
            parts.append(
                "sortby="
                    + random.pick([
                        "id", "-id", "eo:cloud_cover", "%22\(Catalogues.mark):value%22", "-datetime", "zero",
                    ]))
        }
        if random.chance(15) { parts.append("q=" + random.pick(["fields", Catalogues.mark, "sentinel"])) }
        if random.chance(15) { parts.append("bbox=" + random.pick(["0,50,5,70", "0,0,10,20", "0,0"])) }
        if random.chance(10) { parts.append("ids=" + random.pick(["item-1", "\(Catalogues.mark)-1"])) }
        if random.chance(10) { parts.append("curated=" + random.pick(["true", "false", "perhaps"])) }
        if random.chance(10) { parts.append("fields=id,properties.platform") }
        if random.chance(5) { parts.append("colections=\(Catalogues.mark)") }
        return parts.joined(separator: "&")
    }

    private static func search(_ random: inout SeededGenerator, _ person: Person) -> JSONValue {
        var search = JSONObject()
        if random.chance(40) {
            search["collections"] = .array((0..<2).map { _ in .string(collection(&random, person)) })
        }
        if random.chance(40) { search["limit"] = JSONValue(random.integer(1...5)) }
        if random.chance(40) {
            search["filter"] = random.pick([
                ["op": "<", "args": [["property": "eo:cloud_cover"], 25]],
                [
                    "op": ">",
                    "args": [["op": "/", "args": [["property": "eo:cloud_cover"], ["property": "zero"]]], 1],
                ],
                ["op": "=", "args": [["property": "platform"], .string(Catalogues.mark)]],
            ])
            search["filter-lang"] = "cql2-json"
        }
        if random.chance(20) { search["curated"] = .bool(random.chance(50)) }
        if random.chance(20) { search["sortby"] = [["field": "id", "direction": "desc"]] }
        return .object(search)
    }

    func send(to world: World) async throws -> TestResponse {
        try await world.send(method, path, as: person, body, headers: headers)
    }
}

import CQL2
import CatalogueSQLite
import Geo
import JSON
import STACAPI
import Temporal

@testable import Catalogue

/// A small catalogue with something of everything, and requests that together read all of it.
enum DamageSamples {
    static let collections = ["a", "b"]
    static let itemCount = 48

    static func fill(_ home: String) throws {
        let catalogue = try CatalogueEngine(home: home)
        for id in collections { try catalogue.putCollection(id) }
        try catalogue.putCollection("empty")
        try catalogue.createItems((0..<itemCount).map { item($0) }, in: "a")
        // The second half is compressed with a dictionary.
        try catalogue.trainDictionaries()
        try catalogue.createItems((0..<itemCount / 2).map { item($0) }, in: "b")
        try catalogue.compact()
        for number in 0..<8 { try catalogue.put(item(number * 5, cloud: 99), in: "a") }
        for number in 0..<4 { try catalogue.deleteItem(id: id(number * 7 + 1), in: "b", ifMatch: nil) }
        // Longer than a page of the database.
        let noise = (0..<3000).map { "\($0 * 7919 % 104_729)" }.joined(separator: " ")
        try catalogue.put(item(200, extra: ",\"long\":\"\(noise)\""), in: "a")
        try catalogue.compact()
        try catalogue.checkpoint()
    }

    static func id(_ number: Int) -> String { "item-\(number)" }

    static func item(_ number: Int, cloud: Int? = nil, extra: String = "") -> [UInt8] {
        let day = number % 28 + 1
        let (west, south) = (Double(number % 40) * 4 - 80, Double(number % 17) * 5 - 40)
        return Array(
            """
            {"type":"Feature","stac_version":"1.1.0","id":"\(id(number))","geometry":{"type":"Polygon","coordinates":\
            [[[\(west),\(south)],[\(west + 3),\(south + 0.5)],[\(west + 2.5),\(south + 3)],[\(west),\(south)]]]},\
            "bbox":[\(west),\(south),\(west + 3),\(south + 3)],"properties":{\
            "datetime":"2024-0\(number % 9 + 1)-\(day < 10 ? "0" : "")\(day)T10:00:00Z",\
            "title":"Scene \(number) over \(["land", "water", "ice"][number % 3])",\
            "eo:cloud_cover":\(cloud ?? number),"platform":"s\(number % 4)","orbit":\(number * 1_000_003),\
            "cloudless":\(number % 2 == 0),"instruments":["msi","\(number % 5)"],"processed":"2024-05-01T00:00:0\(number % 10)Z"\(extra)},\
            "links":[],"assets":{"data":{"href":"https://example.org/\(number)"}}}
            """.utf8)
    }

    typealias Request = (CatalogueEngine) throws -> (text: String, lacks: String)

    static var requests: [Request] { searches.map(search) + aggregations + lookups + descriptions }

    // MARK: Searches

    private static var searches: [SearchRequest] {
        func filter(_ text: String) -> CQL2.Expression? { try? CQL2.Expression(text: text) }
        let triangle = Geometry.polygon([
            [Position(-60, -30), Position(20, -20), Position(-10, 30), Position(-60, -30)]
        ])
        var requests = [
            SearchRequest(limit: 1000), SearchRequest(collections: ["a"], limit: 7),
            SearchRequest(ids: [id(3), id(44)]),
            SearchRequest(collections: ["b"], sortBy: [SortKey("eo:cloud_cover", .descending)], limit: 20),
            SearchRequest(sortBy: [SortKey("platform", .ascending), SortKey("id", .ascending)], limit: 50),
            SearchRequest(sortBy: [SortKey("title", .descending)], limit: 5), SearchRequest(limit: 0),
        ]
        requests += [
            "\"eo:cloud_cover\" < 40", "platform = 's1' AND orbit > 20000000", "cloudless = TRUE",
            "a_contains(instruments, ('msi', '3'))", "processed >= TIMESTAMP('2024-05-01T00:00:04Z')",
            "title LIKE '%water%'", "id > 'item-5'", "\"eo:cloud_cover\" IS NULL", "long IS NOT NULL",
        ].map { SearchRequest(filter: filter($0), limit: 30) }
        requests.append(SearchRequest(area: triangle, limit: 40))
        requests.append(
            SearchRequest(
                datetime: try? DateTimeInterval("2024-03-01T00:00:00Z/2024-06-30T00:00:00Z"),
                limit: 40))
        requests += ["water", "\"scene 3\"", "ice OR \"over land\""].compactMap {
            (try? FreeTextExpression(text: $0)).map { SearchRequest(text: $0, limit: 100) }
        }
        return requests
    }

    /// All pages of a search.
    private static func search(_ request: SearchRequest) -> Request {
        { catalogue in
            var (request, text, lacks) = (request, "", "")
            for _ in 0..<50 {
                let page = try catalogue.search(request)
                text += "\(page.matched):"
                for item in page.items { text += "\(item.collection)/\(item.id)@\(item.sequence) " + string(item.json) }
                lacks += page.damaged.map(\.description).joined(separator: " ")
                guard let next = page.next, request.limit > 0 else { break }
                request.cursor = next
            }
            return (text, lacks)
        }
    }

    private static func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Others

    private static var aggregations: [Request] {
        let kinds: [Aggregation] = [
            .count, .earliest, .latest, .collections, .terms(property: "platform"), .terms(property: "orbit"),
            .terms(property: "cloudless"), .ranges(property: "eo:cloud_cover", boundaries: [10, 50]),
            .histogram(property: "eo:cloud_cover", interval: 10), .dates(property: "datetime", .month),
            .dates(property: "processed", .second), .cells(.geohash(3)), .cells(.geotile(6)),
        ]
        return kinds.map { kind in { ("\(try $0.aggregate(SearchRequest(), [kind], SearchBudget()))", "") } }
    }

    /// Single Items and Collections, and such as are not there.
    private static var lookups: [Request] {
        func lookup(_ id: String, _ collection: String) -> Request {
            { catalogue in
                do {
                    return ("\(string(try catalogue.item(id: id, in: collection).json))", "")
                } catch let error as CatalogueError where [.noSuchItem, .noSuchCollection].contains(error.code) {
                    // As a client sees it, it is not there: that is a response like any other.
                    return ("\(error.message)", "")
                }
            }
        }
        let items = (0..<itemCount).flatMap { number in collections.map { lookup(id(number), $0) } }
        return items + [lookup("none", "a"), lookup(id(1), "none"), lookup(id(200), "a")]
    }

    private static func text(_ profiles: [PropertyProfile]) -> String {
        profiles.map { profile in
            let types = profile.types.map(\.rawValue).sorted()
            return
                "\(profile.name) \(types) \(profile.minimum ?? .null) \(profile.maximum ?? .null) \(profile.values ?? [])"
        }.joined(separator: " ")
    }

    private static var descriptions: [Request] {
        var requests: [Request] = [
            { catalogue in
                let page = try catalogue.searchCollections(SearchRequest(limit: 100))
                return (
                    "\(page.matched) " + page.collections.map { string($0.body) }.joined(),
                    page.damaged.joined(separator: " ")
                )
            },
            { catalogue in
                let all = try catalogue.collections()
                return (
                    all.map { $0.id + string($0.body) }.joined(),
                    all.filter(\.isDamaged).map(\.id).joined(separator: " ")
                )
            },
            { (text(try $0.queryables(collection: nil)), "") },
            { ("\(try $0.status().collections)", "") },
        ]
        for id in collections + ["empty", "none"] {
            requests.append { catalogue in
                guard let collection = try catalogue.collection(id: id) else { return ("none", "") }
                return (string(try catalogue.described(collection).body), "")
            }
        }
        for id in collections {
            requests.append { (text(try $0.queryables(collection: id)), "") }
            requests.append { catalogue in
                guard let times = try catalogue.itemTimes(in: id) else { return ("no times", "") }
                let bounds = [times.lowerBound, Timestamp(microseconds: times.upperBound.microseconds + 1)]
                let items = try catalogue.itemIDs(
                    in: id, from: (times.lowerBound, ""), before: bounds[1], limit: 1000)
                return ("\(times) \(try catalogue.itemCounts(in: id, between: bounds)) \(items)", "")
            }
        }
        return requests
    }
}

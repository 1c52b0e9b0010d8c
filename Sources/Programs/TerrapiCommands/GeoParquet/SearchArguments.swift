import ArgumentParser
import CQL2
import Geo
import JSON
import STACAPI
import Temporal

/// Conditions on Items: the parameters of the API's search, as options.
struct SearchArguments: ParsableArguments {
    // Values of options may begin with a minus.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Items that intersect a box; six numbers: with heights.", valueName: "W,S,E,N"))
    var bbox: String?
    @Option(
        help: ArgumentHelp(
            "Items of an instant, a year, month or day, or an interval, such as 2024-06/2024-08 or 2024-06-01T00:00:00Z/..",
            valueName: "interval"))
    var datetime: String?
    @Option(help: ArgumentHelp("Items that intersect a GeoJSON geometry or Feature.", valueName: "geojson|@file"))
    var intersects: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("CQL2 as text or JSON.", valueName: "cql2|@file"))
    var filter: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Items with one of these ids.", valueName: "a,b"))
    var ids: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Items of these collections.", valueName: "a,b"))
    var collections: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The order: properties with + or - before them. Without it the newest come first.",
            valueName: "-datetime,+id"))
    var sortby: String?

    /// - Throws: `ValidationError` with the option at fault.
    func request() throws -> SearchRequest {
        guard bbox == nil || intersects == nil else {
            throw ValidationError("--bbox and --intersects cannot be combined.")
        }
        var request = SearchRequest()
        if let bbox { try readBox(bbox, into: &request) }
        if let intersects { request.area = try Self.named("--intersects") { try Self.geometry(intersects) } }
        if let datetime {
            request.datetime = try Self.named("--datetime") { try DateTimeInterval(withPeriods: datetime) }
        }
        if let filter {
            request.filter = try Self.named("--filter") {
                let expression = try FilterArgument.expression(TextArgument.text(filter)).expression
                try expression.validate()
                return expression
            }
        }
        request.ids = ids.map { Self.list($0) }
        request.collections = collections.map { Self.list($0) }
        request.sortBy = try Self.list(sortby ?? "").map { try Self.key($0) }
        return request
    }

    private func readBox(_ text: String, into request: inout SearchRequest) throws {
        guard let numbers = numbers(inList: text) else {
            throw ValidationError("--bbox must be numbers with commas, and nothing else, between them, not '\(text)'.")
        }
        let box = try Self.named("--bbox") { try BoundingBox(numbers) }
        request.area = Geometry(box)
        if let lowest = box.minZ, let highest = box.maxZ {
            guard lowest <= highest else { throw ValidationError("--bbox has its lowest height above its highest.") }
            request.elevation = lowest...highest
        }
    }

    private static func geometry(_ text: String) throws -> Geometry {
        let json = try JSONValue(parsing: TextArgument.text(text))
        if json["type"]?.string == "Feature", let geometry = json["geometry"] { return try Geometry(geoJSON: geometry) }
        return try Geometry(geoJSON: json)
    }

    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0).trimmingBlanks }
    }

    private static func key(_ text: String) throws -> SortKey {
        let hasSign = text.hasPrefix("-") || text.hasPrefix("+")
        var name = hasSign ? String(text.dropFirst()) : text
        if name.hasPrefix("properties.") { name = String(name.dropFirst("properties.".count)) }
        guard !name.isEmpty else { throw ValidationError("--sortby has an empty name.") }
        guard !["geometry", "bbox", "links", "assets", "properties", "stac_extensions"].contains(name) else {
            throw ValidationError("--sortby cannot be '\(name)', which has no order.")
        }
        return SortKey(name, text.hasPrefix("-") ? .descending : .ascending)
    }

    private static func named<Result>(_ option: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw ValidationError("\(option) is wrong: \(error)")
        }
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

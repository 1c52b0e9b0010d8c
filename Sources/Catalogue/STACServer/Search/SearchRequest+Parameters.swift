import CQL2
import Geo
import JSON
import STACAPI
import Temporal

extension SearchRequest {
    /// The default and the maximum size of a page.
    struct PageSize: Sendable {
        var standard = 10
        var maximum = 10_000
    }

    /// Reads and checks the parameters.
    ///
    /// - Parameters:
    ///   - collection: The Items' Collection; `nil`: the parameter `collections` names them.
    ///   - defaultOrder: The order where the parameters name none; empty: that of Items.
    init(
        _ parameters: SearchParameters, in collection: String? = nil, _ size: PageSize, defaultOrder: [SortKey] = []
    ) throws(InvalidParameter) {
        try self.init(conditions: parameters, in: collection)
        sortBy = try parameters.sortKeys()
        if sortBy.isEmpty { sortBy = defaultOrder }
        limit = try parameters.limit(default: size.standard, maximum: size.maximum)
        if let token = try parameters.string(.token) {
            let keyCount = SortKey.effective(sortBy).count
            guard let cursor = SearchCursor(token: token, keyCount: keyCount) else {
                throw InvalidParameter("token", "is none that a link of this search has given")
            }
            self.cursor = cursor
        }
    }

    /// Reads and checks the parameters that select Items.
    ///
    /// - Parameter collection: As above.
    init(conditions parameters: SearchParameters, in collection: String?) throws(InvalidParameter) {
        self.init()
        if let collection { collections = [collection] } else { collections = try parameters.strings(.collections) }
        ids = try parameters.strings(.ids)
        try RequestLimits.check(
            collections?.count ?? 0, RequestLimits.collectionCount, of: "ids of Collections", in: "collections")
        try RequestLimits.check(ids?.count ?? 0, RequestLimits.idCount, of: "ids", in: "ids")
        try readArea(parameters)
        datetime = try Self.datetime(parameters)
        filter = try Self.filter(parameters)
        text = try parameters.freeText()
    }

    private mutating func readArea(_ parameters: SearchParameters) throws(InvalidParameter) {
        if let numbers = try parameters.numbers(.bbox) {
            guard parameters[.intersects] == nil else {
                throw InvalidParameter("intersects", "cannot be combined with 'bbox'")
            }
            do {
                let box = try BoundingBox(numbers)
                area = Geometry(box)
                if let lowest = box.minZ, let highest = box.maxZ {
                    guard lowest <= highest else {
                        throw InvalidParameter("bbox", "has its lowest elevation above its highest")
                    }
                    elevation = lowest...highest
                }
            } catch let error as GeoError {
                throw InvalidParameter("bbox", "is no bounding box: \(error)")
            } catch let error as InvalidParameter {
                throw error
            } catch {
                throw InvalidParameter("bbox", "is no bounding box")
            }
        } else if let json = try parameters.json(.intersects) {
            do {
                let geometry = try Geometry(geoJSON: json)
                try geometry.check(RequestLimits.filter.geometry)
                area = geometry
            } catch {
                throw InvalidParameter("intersects", "is no geometry to search with: \(error)")
            }
        }
    }

    private static func datetime(_ parameters: SearchParameters) throws(InvalidParameter) -> DateTimeInterval? {
        guard var text = try parameters.string(.datetime) else { return nil }
        // The plus of an offset that was not escaped has become a space; no other can be in there.
        if case .text = parameters[.datetime] { text = String(text.map { $0 == " " ? "+" : $0 }) }
        do {
            return try DateTimeInterval(text)
        } catch {
            throw InvalidParameter("datetime", "is wrong: \(error)")
        }
    }

    /// `filter` and `query` together.
    private static func filter(_ parameters: SearchParameters) throws(InvalidParameter) -> Expression? {
        if let crs = try parameters.string(.filterCRS), !knownCRS.contains(crs) {
            throw InvalidParameter("filter-crs", "must be \(knownCRS[0])")
        }
        let language = try parameters.string(.filterLanguage)
        if let language, !["cql2-text", "cql2-json"].contains(language) {
            throw InvalidParameter("filter-lang", "must be cql2-text or cql2-json, not '\(language)'")
        }
        var parts: [Expression] = []
        if let query = try parameters.json(.query) { parts += try Expression.conditions(ofQuery: query) }
        if let filter = parameters[.filter] {
            parts.append(try expression(filter, language: language))
        }
        guard let whole = parts.count > 1 ? .and(parts) : parts.first else { return nil }
        do {
            try whole.check(RequestLimits.filter)
        } catch {
            throw InvalidParameter(parameters[.filter] == nil ? "query" : "filter", "has too much: \(error)")
        }
        return whole
    }

    static let knownCRS = [
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "http://www.opengis.net/def/crs/OGC/0/CRS84h", "urn:ogc:def:crs:OGC:1.3:CRS84",
    ]

    /// - Parameter language: `nil`: text from a query, JSON from a body, as the standard has it; a string in a body can
    ///   only be text.
    private static func expression(
        _ filter: SearchParameters.Value, language: String?
    ) throws(InvalidParameter) -> Expression {
        let isText =
            switch (language, filter) {
            case ("cql2-text", _), (nil, .text), (nil, .json(.string)): true
            default: false
            }
        do {
            switch (filter, isText) {
            case (.text(let text), true), (.json(.string(let text)), true): return try Expression(text: text)
            case (.json, true): throw InvalidParameter("filter", "must be a string with filter-lang cql2-text")
            case (.text(let text), false): return try Expression(json: JSONValue(parsing: text))
            case (.json(let json), false): return try Expression(json: json)
            }
        } catch let error as InvalidParameter {
            throw error
        } catch {
            throw InvalidParameter("filter", "is wrong: \(error)")
        }
    }
}

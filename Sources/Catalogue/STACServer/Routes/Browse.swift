import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import STACAPI
import Temporal

/// All Items by `child` and `item` links: a tree of Catalogs by time below each Collection.
///
/// Source: [STAC API - Browseable 1.0.0-rc.3](https://github.com/stac-api-extensions/browseable).
extension STACServer {
    /// The Items of a Collection, or of one period of it, or the Catalogs of shorter periods.
    func browse(_ request: STACRequest) throws -> EdgeResponse {
        let collection = try storedCollection(request).id
        let period = try request.periodText.map { text in
            guard let period = BrowsePeriod(text) else { throw Problem.noSuchPeriod(text) }
            return period
        }
        let parts = try period?.parts ?? years(of: collection, request.catalogue)
        let (start, end) = (period?.start ?? parts.first?.start, period?.end ?? parts.last?.end)
        guard let start, let end else { return response(request, collection, period, [], nil) }
        let position = try position(request, collection) ?? (start, "")
        let count = try request.catalogue.itemCounts(in: collection, between: [start, end]).reduce(0, +)
        if count > Self.browsedItemCount, let parts = parts.nonEmpty {
            return response(request, collection, period, try links(to: parts, of: collection, request), nil)
        }
        let limit = Self.browsedItemsAtMost
        let items = try request.catalogue.itemIDs(in: collection, from: position, before: end, limit: limit + 1)
        let links = items.prefix(limit).map {
            Link("item", MediaType.geoJSON, request.location.item($0.id, in: collection))
        }
        return response(request, collection, period, links, items.count > limit ? items[limit] : nil)
    }

    /// With more Items than this, there are Catalogs of shorter periods.
    static let browsedItemCount = 1_000
    /// More Items than this in an hour continue in a further Catalog.
    static let browsedItemsAtMost = 10_000

    private func years(of collection: String, _ catalogue: any CatalogueService) throws -> [BrowsePeriod] {
        guard let times = try catalogue.itemTimes(in: collection) else { return [] }
        func year(_ time: Timestamp) -> Int { Int(time.description.prefix(4)) ?? 0 }
        return (year(times.lowerBound)...year(times.upperBound)).compactMap { BrowsePeriod.year($0) }
    }

    private func links(
        to parts: [BrowsePeriod], of collection: String, _ request: STACRequest
    ) throws -> [Link] {
        // Periods follow one another without gaps.
        let bounds = parts.map(\.start) + [parts[parts.count - 1].end]
        let counts = try request.catalogue.itemCounts(in: collection, between: bounds)
        return zip(parts, counts).filter { $0.1 > 0 }.map { part, _ in
            Link("child", MediaType.json, request.location.browse(collection, "\(part)"), title: "\(part)")
        }
    }

    /// The start of a further Catalog of the same hour.
    private func position(_ request: STACRequest, _ collection: String) throws -> (time: Timestamp, id: String)? {
        let parameters = try SearchParameters(query: QueryPair.pairs(in: request.query))
        guard let token = try parameters.string(.token) else { return nil }
        guard let cursor = SearchCursor(token: token, keyCount: 2), case .timestamp(let time) = cursor.values[0],
            case .string(let id) = cursor.values[1]
        else { throw InvalidParameter("token", "is none that a link of this Catalog has given") }
        return (time, id)
    }

    private func response(
        _ request: STACRequest, _ collection: String, _ period: BrowsePeriod?, _ content: [Link],
        _ further: (time: Timestamp, id: String)?
    ) -> EdgeResponse {
        let location = request.location
        let own = location.browse(collection, period?.description)
        let token = request.query.map { "?" + $0 } ?? ""
        let parent =
            period.map { location.browse(collection, $0.parent?.description) } ?? location.collection(collection)
        var links = [
            Link("root", MediaType.json, location.landingPage), Link("self", MediaType.json, own + token),
            Link("parent", MediaType.json, parent),
            Link("collection", MediaType.json, location.collection(collection)),
        ]
        links += content
        if let further {
            let token = SearchCursor(.forward, [.timestamp(further.time), .string(further.id)]).token
            links.append(
                Link("child", MediaType.json, own + "?token=" + token, title: "More of \(period?.description ?? "")"))
        }
        let name = period.map { " \($0)" } ?? ""
        return response(
            request,
            [
                "type": "Catalog", "stac_version": "1.1.0",
                "id": .string("\(collection)/\(period?.description ?? "browse")"),
                "title": .string(period?.description ?? "Items by time"),
                "description": .string("Items of \(collection)\(name)"), "links": Link.json(links),
            ])
    }
}

extension Problem {
    fileprivate static func noSuchPeriod(_ text: String) -> Problem {
        Problem(
            .notFound, "NotFound",
            "\"\(text)\" is no period: expected a year, a month, a day or an hour, such as 2024, 2024-05, 2024-05-17 or 2024-05-17T08."
        )
    }
}

extension Array {
    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}

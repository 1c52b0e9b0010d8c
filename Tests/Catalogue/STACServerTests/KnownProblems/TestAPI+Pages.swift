import HTTPTypes
import JSON
import Testing

/// How a search is sent.
enum SearchMethod: CaseIterable {
    case get, post
}

extension TestAPI {
    /// All pages of a search by following its `next` links, by GET from a path or by POST from a body.
    ///
    /// Fails after `most` pages: a search that does not end is one of the known problems.
    func pages(_ path: String, most: Int = 100) async throws -> [JSONValue] {
        try await pages(from: ["href": .string(path)], most)
    }

    func pages(posting body: JSONValue, most: Int = 100) async throws -> [JSONValue] {
        try await pages(from: ["href": "/search", "method": "POST", "body": body], most)
    }

    /// One request in both forms.
    func pages(_ method: SearchMethod, query: String, body: JSONValue) async throws -> [JSONValue] {
        switch method {
        case .get: try await pages("/search?" + query)
        case .post: try await pages(posting: body)
        }
    }

    private func pages(from first: JSONValue, _ most: Int) async throws -> [JSONValue] {
        var pages: [JSONValue] = []
        var link: JSONValue? = first
        while let next = link {
            let response = try await follow(next)
            try #require(response.status == 200, "\(response.json.jsonText)")
            pages.append(response.json)
            try #require(pages.count <= most, "the pages do not end")
            link = response.json.link("next")
        }
        return pages
    }

    /// Sends a link's request.
    func follow(_ link: JSONValue) async throws -> Response {
        let href = try #require(link["href"]?.string)
        return link["method"] == "POST" ? try await send(.post, href, link["body"]) : try await get(href)
    }

    /// The ids that a search finds on its first page.
    func find(_ query: String) async throws -> [String] {
        let response = try await get("/search?limit=1000&" + query)
        try #require(response.status == 200, "\(response.json.jsonText)")
        return response.json.ids
    }

    func find(posting body: JSONValue) async throws -> [String] {
        var body = body.object ?? [:]
        body["limit"] = 1000
        let response = try await send(.post, "/search", .object(body))
        try #require(response.status == 200, "\(response.json.jsonText)")
        return response.json.ids
    }

    /// A collection with these Items.
    func create(_ items: [JSONValue], in collection: String = "c") async throws {
        _ = try await send(.post, "/collections", Self.collection(collection))
        let items = items.map { item in
            var item = item.object ?? [:]
            if item["collection"] != nil { item["collection"] = .string(collection) }
            return JSONValue.object(item)
        }
        let response = try await send(
            .post, "/collections/\(collection)/items", ["type": "FeatureCollection", "features": .array(items)])
        try #require(response.status == 201, "\(response.json.jsonText)")
    }

    /// An Item with little in it.
    static func item(
        _ id: String, geometry: JSONValue = ["type": "Point", "coordinates": [11, 48]],
        properties: JSONValue = ["datetime": "2024-01-01T00:00:00Z"]
    ) -> JSONValue {
        var item: JSONObject = [
            "type": "Feature", "stac_version": "1.1.0", "id": .string(id), "geometry": geometry,
            "properties": properties, "links": [], "assets": [:],
        ]
        if let box = Self.box(geometry) { item["bbox"] = box }
        return .object(item)
    }

    /// Of a geometry as it is written.
    private static func box(_ geometry: JSONValue) -> JSONValue? {
        var (xs, ys): ([Double], [Double]) = ([], [])
        func collect(_ value: JSONValue) {
            guard let array = value.array else { return }
            if let x = array.first?.double, let y = array.last?.double {
                xs.append(x)
                ys.append(y)
            } else {
                array.forEach(collect)
            }
        }
        collect(geometry["coordinates"] ?? .null)
        guard let west = xs.min(), let east = xs.max(), let south = ys.min(), let north = ys.max() else { return nil }
        return [JSONValue(west), JSONValue(south), JSONValue(east), JSONValue(north)]
    }
}

/// A polygon around a box of four numbers.
func rectangle(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> JSONValue {
    let corners: [(Double, Double)] = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    let ring = corners.map { corner -> JSONValue in [JSONValue(corner.0), JSONValue(corner.1)] }
    return ["type": "Polygon", "coordinates": [.array(ring)]]
}

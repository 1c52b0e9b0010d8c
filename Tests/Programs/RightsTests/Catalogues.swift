import Catalogue
import JSON

/// The Collections of the tests' world.
enum Catalogues {
    /// In texts, properties and ids of what nobody of the tests' people may see, and in nothing else.
    static let mark = "xylophon"
    static let curated = "open"
    static let shared = Person.container + ".fields"
    static let foreign = ["zoe.fields", Person.foreignContainer + ".fields"]
    static let hidden = foreign + ["zoe.\(mark)", "\(Person.foreignContainer).\(mark)"]

    static func fill(_ catalogue: CatalogueEngine, hasHidden: Bool) throws {
        // In the order of hidden and visible ones, so that numbers and sequences differ.
        if hasHidden { try hide(Array(hidden.prefix(2)), in: catalogue) }
        try restore(catalogue)
        if hasHidden { try hide(Array(hidden.dropFirst(2)), in: catalogue) }
    }

    private static func hide(_ ids: [String], in catalogue: CatalogueEngine) throws {
        for id in ids {
            try put(collection(id, title: "A \(mark)", keywords: [mark]), in: catalogue)
            for number in 0..<5 {
                try put(item(number, id: "\(mark)-\(number)", of: id, isHidden: true), in: catalogue)
            }
            // The same id as a visible one's.
            try put(item(1, id: "item-1", of: id, isHidden: true), in: catalogue)
        }
    }

    /// The visible ones, as at the beginning.
    ///
    /// - Parameter changed: Those that may have been changed; `nil`: all.
    static func restore(_ catalogue: CatalogueEngine, _ changed: String? = nil) throws {
        let owned = Person.allCases.filter { $0 != .anonymous && $0 != .operator }.map { "\($0.rawValue).fields" }
        for id in [curated, shared] + owned where changed == nil || changed == id {
            try put(collection(id, title: "Fields of \(id)"), in: catalogue)
            for number in 0..<4 { try put(item(number, id: "item-\(number)", of: id), in: catalogue) }
        }
        let known = Set([curated, shared] + owned + hidden)
        for other in try catalogue.collections() where !known.contains(other.id) {
            try catalogue.deleteCollection(id: other.id, ifMatch: nil)
        }
        for id in [curated, shared] + owned where changed == id {
            for other in ["new-1", "new-2"] { try? catalogue.deleteItem(id: other, in: id, ifMatch: nil) }
        }
    }

    static func collection(_ id: String, title: String = "Fields", keywords: [String] = ["fields"]) -> JSONValue {
        [
            "type": "Collection", "stac_version": "1.1.0", "id": .string(id), "title": .string(title),
            "description": .string("\(title), for tests."), "license": "other",
            "keywords": .array(keywords.map { .string($0) }),
            "extent": ["spatial": ["bbox": [[-180, -90, 180, 90]]], "temporal": ["interval": [[nil, nil]]]],
            "links": [],
        ]
    }

    static func item(_ number: Int, id: String, of collection: String, isHidden: Bool = false) -> JSONValue {
        let (x, y) = (Double(number % 90), isHidden ? 60.0 : 10.0)
        var properties: JSONObject = [
            "datetime": .string("2024-0\(number % 9 + 1)-15T10:00:00Z"), "eo:cloud_cover": JSONValue(number * 10),
            "platform": .string(isHidden ? mark : "sentinel-2\(number % 2 == 0 ? "a" : "b")"), "zero": 0,
        ]
        if isHidden {
            properties["\(mark):value"] = JSONValue(number)
            properties["title"] = .string("A \(mark)")
        }
        return [
            "type": "Feature", "stac_version": "1.1.0", "stac_extensions": [], "id": .string(id),
            "collection": .string(collection),
            "geometry": ["type": "Point", "coordinates": [JSONValue(x), JSONValue(y)]],
            "bbox": [JSONValue(x), JSONValue(y), JSONValue(x), JSONValue(y)], "properties": .object(properties),
            "links": [], "assets": ["data": ["href": .string("file:///dss/\(isHidden ? mark : "data")/\(number)")]],
        ]
    }

    private static func put(_ document: JSONValue, in catalogue: CatalogueEngine) throws {
        if let collection = document["collection"]?.string {
            _ = try catalogue.putItem(document.serialized(), id: nil, in: collection, .upsert, ifMatch: nil)
        } else {
            _ = try catalogue.putCollection(document.serialized(), id: nil, .upsert, ifMatch: nil)
        }
    }
}

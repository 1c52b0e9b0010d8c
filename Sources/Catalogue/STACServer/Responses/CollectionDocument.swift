import Catalogue
import JSON

/// A Collection's stored text, with the positions of its parts.
struct CollectionDocument {
    let id: String
    let title: String?
    /// Of its texts, as its author states it (`language.code`).
    let language: String?
    let sequence: SequenceNumber
    private let body: [UInt8]
    /// The parts of the body before and after the generated links.
    private let before, after: ArraySlice<UInt8>
    private let separatorBefore, separatorAfter: String

    /// - Throws: `JSONError` when the store's text is none.
    init(_ collection: StoredCollection) throws {
        id = collection.id
        sequence = collection.sequence
        body = collection.body
        let body = collection.body
        let (title, language, links, end, isEmpty) = try JSONReader(.rfc8259).read(body) { element in
            let links = element.member("links").flatMap { $0.kind == .array ? ($0.byteRange, $0.count) : nil }
            let language = element.member("language")?.member("code")?.string
            return (element.member("title")?.string, language, links, element.byteRange.upperBound, element.count == 0)
        }
        self.title = title
        self.language = language
        if let (range, count) = links {
            before = body[...range.lowerBound]
            after = body[(range.lowerBound + 1)...]
            separatorBefore = ""
            separatorAfter = count == 0 ? "" : ","
        } else {
            before = body[..<(end - 1)]
            after = body[(end - 1)...]
            separatorBefore = isEmpty ? "\"links\":[" : ",\"links\":["
            separatorAfter = "]"
        }
    }

    func write(_ location: APILocation, to output: inout [UInt8]) {
        let url = location.collection(id)
        let links = [
            Link("self", MediaType.json, url), Link("parent", MediaType.json, location.landingPage),
            Link("root", MediaType.json, location.landingPage),
            Link("items", MediaType.geoJSON, location.items(id)),
            Link("child", MediaType.json, location.browse(id, nil), title: "Items by time"),
            Link(Relation.queryables, MediaType.schema, location.queryables(id), title: "Queryables"),
            Link(Relation.sortables, MediaType.schema, location.sortables(id), title: "Sortables"),
            Link("aggregate", MediaType.json, location.aggregate(id), title: "Aggregation of Items"),
            Link("aggregations", MediaType.json, location.aggregations(id), title: "Available aggregations"),
        ]
        output.append(contentsOf: before)
        output.append(contentsOf: separatorBefore.utf8)
        output.append(contentsOf: Link.json(links).serialized().dropFirst().dropLast())
        output.append(contentsOf: separatorAfter.utf8)
        output.append(contentsOf: after)
    }
}

/// Link relations that are URIs.
enum Relation {
    static let queryables = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
    static let sortables = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
}

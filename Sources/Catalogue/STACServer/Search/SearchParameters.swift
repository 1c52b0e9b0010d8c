import HTTPEdge
import JSON

/// The parameters of a search as they arrived, in a query or in a JSON body. Unknown ones mean nothing: clients send odd
/// ones.
struct SearchParameters: Sendable {
    enum Value: Sendable, Hashable {
        /// From a query, decoded.
        case text(String)
        /// From a body.
        case json(JSONValue)
    }

    enum Name: String, Sendable, CaseIterable {
        case bbox, intersects, datetime, ids, collections, limit, q, query, filter, sortby, fields, token
        case filterLanguage = "filter-lang"
        case filterCRS = "filter-crs"

        /// Whether the parameter is a list, so that repeating it in a query adds to it.
        var isList: Bool {
            switch self {
            case .ids, .collections, .q, .sortby, .fields: true
            default: false
            }
        }
    }

    private var values: [Name: Value] = [:]
    /// Names of parameters that are none of a search.
    private(set) var otherNames: [String] = []

    init() {}

    subscript(name: Name) -> Value? { values[name] }

    /// From the query of a URL. An empty value is as good as none, but for `fields`, where it means the default ones.
    init(query: [QueryPair]) throws(InvalidParameter) {
        for pair in query {
            guard let name = Name(rawValue: pair.name) else {
                otherNames.append(pair.name)
                continue
            }
            guard !pair.value.isEmpty || name == .fields else { continue }
            switch values[name] {
            case nil: values[name] = .text(pair.value)
            case .text(let before) where name.isList: values[name] = .text(before + "," + pair.value)
            default: throw InvalidParameter(name.rawValue, "is given twice")
            }
        }
    }

    /// From the body of a POST request. `null` is as good as none, but for `fields`, where it is an error.
    init(body: JSONObject) {
        for member in body {
            guard let name = Name(rawValue: member.name) else {
                otherNames.append(member.name)
                continue
            }
            guard !member.value.isNull || name == .fields else { continue }
            values[name] = .json(member.value)
        }
    }
}

/// A name and a value of a URL's query, decoded.
struct QueryPair: Sendable, Hashable {
    var name: String
    var value: String

    /// - Throws: `InvalidParameter` for text that is not percent-encoded UTF-8.
    static func pairs(in query: String?) throws(InvalidParameter) -> [QueryPair] {
        guard let query, !query.isEmpty else { return [] }
        var pairs: [QueryPair] = []
        for part in query.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(sides[0], plusIsSpace: true) else {
                throw InvalidParameter(String(sides[0]), "is not percent-encoded UTF-8")
            }
            guard let value = percentDecoded(sides.count > 1 ? sides[1] : "", plusIsSpace: true) else {
                throw InvalidParameter(name, "is not percent-encoded UTF-8")
            }
            pairs.append(QueryPair(name: name, value: value))
        }
        return pairs
    }

    static func query(_ pairs: [QueryPair]) -> String {
        pairs.map { percentEncoded($0.name) + "=" + percentEncoded($0.value) }.joined(separator: "&")
    }
}

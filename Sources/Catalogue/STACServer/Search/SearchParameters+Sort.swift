import JSON
import STACAPI

extension SearchParameters {
    /// `+a,-b` in a query, objects in a body.
    ///
    /// Source: [STAC API - Sort 1.1.0](https://github.com/stac-api-extensions/sort).
    func sortKeys() throws(InvalidParameter) -> [SortKey] {
        switch self[.sortby] {
        case nil: return []
        case .text(let text):
            var keys: [SortKey] = []
            let parts = text.split(separator: ",")
            try RequestLimits.check(parts.count, RequestLimits.sortKeyCount, of: "sort keys", in: "sortby")
            for part in parts { keys.append(try Self.key(part)) }
            return keys
        case .json(.array(let array)):
            var keys: [SortKey] = []
            try RequestLimits.check(array.count, RequestLimits.sortKeyCount, of: "sort keys", in: "sortby")
            for element in array { keys.append(try Self.key(element)) }
            return keys
        case .json: throw InvalidParameter("sortby", "must be an array of objects")
        }
    }

    private static func key(_ text: Substring) throws(InvalidParameter) -> SortKey {
        switch text.first {
        case "-": try key(text.dropFirst(), .descending)
        // A plus that was not escaped arrives as a space.
        case "+", " ": try key(text.dropFirst(), .ascending)
        default: try key(text, .ascending)
        }
    }

    private static func key(_ element: JSONValue) throws(InvalidParameter) -> SortKey {
        if let text = element.string { return try key(text[...]) }
        guard let field = element["field"]?.string else {
            throw InvalidParameter("sortby", "must have the string \"field\" in each object")
        }
        guard let written = element["direction"], !written.isNull else { return try key(field[...], .ascending) }
        guard let direction = written.string.flatMap({ SortKey.Direction(rawValue: $0.lowercased()) }) else {
            throw InvalidParameter("sortby", "must have \"asc\" or \"desc\" as \"direction\"")
        }
        return try key(field[...], direction)
    }

    private static func key(_ name: Substring, _ direction: SortKey.Direction) throws(InvalidParameter) -> SortKey {
        let name = withoutPropertiesPrefix(String(name))
        guard !name.isEmpty else { throw InvalidParameter("sortby", "has an empty field name") }
        try RequestLimits.check(name: name, in: "sortby")
        guard !unsortable.contains(name) else {
            throw InvalidParameter("sortby", "cannot be '\(name)', which has no order")
        }
        return SortKey(name, direction)
    }

    private static let unsortable: Set<String> = [
        "geometry", "bbox", "links", "assets", "properties", "stac_extensions",
    ]
}

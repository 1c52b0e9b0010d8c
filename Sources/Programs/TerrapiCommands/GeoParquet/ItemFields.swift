import JSON

/// The members that an output is to have: of Items, and of their properties.
struct ItemFields {
    /// Beside them those that identify an Item. Of a dotted name the first part that is a member counts.
    let names: Set<String>

    private static let always: Set<String> = ["type", "stac_version", "id", "collection"]
    init(_ fields: [String]) {
        var names = Self.always
        for field in fields {
            let name = field.hasPrefix("properties.") ? String(field.dropFirst("properties.".count)) : field
            names.insert(name)
            // A name with dots may be one of a property, or lead into an object.
            for dot in name.indices where name[dot] == "." { names.insert(String(name[..<dot])) }
        }
        self.names = names
    }

    /// The Item with those members alone: a file's overflow column may have added others.
    ///
    /// - Parameter text: An Item's text, without whitespace.
    func selected(from text: [UInt8]) throws -> [UInt8] {
        guard var item = try JSONValue(parsing: text).object else { return text }
        for name in item.names where name != "properties" && !names.contains(name) {
            item[name] = Optional.none
        }
        if !names.contains("properties"), var properties = item["properties"]?.object {
            for name in properties.names where !names.contains(name) { properties[name] = Optional.none }
            item["properties"] = properties.isEmpty ? Optional.none : .object(properties)
        }
        return JSONValue.object(item).serialized()
    }
}

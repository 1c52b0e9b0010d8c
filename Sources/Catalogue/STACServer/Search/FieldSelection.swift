import JSON

/// The members of Items or Collections in the response.
///
/// Of two paths of which one leads into the other, the longer one counts; of two equal ones, the inclusion.
///
/// Source: [STAC API - Fields 1.0.0, Include/Exclude Semantics](https://github.com/stac-api-extensions/fields#includeexclude-semantics).
struct FieldSelection: Sendable, Hashable {
    /// The kind of object selected from.
    enum Document: Sendable {
        case item, collection

        /// Members required for validity.
        var defaultFields: [String] {
            switch self {
            case .item:
                minimalFields + [
                    "geometry", "bbox", "links", "assets", "properties.datetime", "properties.start_datetime",
                    "properties.end_datetime",
                ]
            case .collection: minimalFields + ["title", "description", "license", "extent", "links"]
            }
        }

        /// Members that identify it; included unless excluded explicitly.
        var minimalFields: [String] {
            switch self {
            case .item: ["type", "stac_version", "id", "collection"]
            case .collection: ["type", "stac_version", "id"]
            }
        }
    }

    /// The selection of the members below a path.
    private struct Node: Sendable, Hashable {
        /// `nil`: as for the parent path.
        var isIncluded: Bool?
        var children: [String: Node] = [:]

        mutating func set(_ path: some Collection<Substring>, _ isIncluded: Bool) {
            guard let first = path.first else {
                self.isIncluded = isIncluded
                return
            }
            children[String(first), default: Node()].set(path.dropFirst(), isIncluded)
        }

        /// The part of `value` that is included; `nil`: nothing of it.
        func part(of value: JSONValue, _ inherited: Bool) -> JSONValue? {
            let isIncluded = isIncluded ?? inherited
            // Not nil: that would be the JSON value.
            guard !children.isEmpty, let object = value.object else { return isIncluded ? .some(value) : .none }
            var result = JSONObject()
            for member in object {
                if let child = children[member.name] {
                    if let part = child.part(of: member.value, isIncluded) { result[member.name] = part }
                } else if isIncluded {
                    result[member.name] = member.value
                }
            }
            return isIncluded || !result.isEmpty ? .some(.object(result)) : .none
        }
    }

    private var root = Node()

    /// - Parameter include: Empty: the default fields; `nil`, with exclusions: all that are not excluded.
    init(include: [String]?, exclude: [String], of document: Document = .item) {
        root.isIncluded = include == nil && !exclude.isEmpty
        if root.isIncluded == false {
            for field in include?.isEmpty ?? true ? document.defaultFields : document.minimalFields {
                set(field, true)
            }
        }
        for field in exclude { set(field, false) }
        for field in include ?? [] { set(field, true) }
    }

    /// Paths have points between names. A name below `properties` may have points of its own.
    private mutating func set(_ field: String, _ isIncluded: Bool) {
        root.set(field.split(separator: "."), isIncluded)
        if field.hasPrefix("properties.") {
            root.set(["properties", field.dropFirst("properties.".count)], isIncluded)
        }
    }

    func apply(to document: JSONValue) -> JSONValue {
        root.part(of: document, true) ?? .object(JSONObject())
    }
}

extension SearchParameters {
    /// `a,-b` in a query, `include` and `exclude` in a body; `nil`: complete documents.
    func fields(of document: FieldSelection.Document = .item) throws(InvalidParameter) -> FieldSelection? {
        switch self[.fields] {
        case nil: return nil
        case .text(let text):
            var include: [String] = []
            var exclude: [String] = []
            let parts = text.split(separator: ",")
            try RequestLimits.check(parts.count, RequestLimits.fieldCount, of: "names", in: "fields")
            for part in parts {
                try RequestLimits.check(name: String(part), in: "fields")
                switch part.first {
                case "-": exclude.append(String(part.dropFirst()))
                // A plus that was not escaped arrives as a space.
                case "+", " ": include.append(String(part.dropFirst()))
                default: include.append(String(part))
                }
            }
            return FieldSelection(include: include, exclude: exclude, of: document)
        case .json(.object(let object)):
            let exclude = try Self.names(object, "exclude")
            return FieldSelection(
                include: object["include"] == nil ? nil : try Self.names(object, "include"), exclude: exclude,
                of: document)
        case .json: throw InvalidParameter("fields", "must be an object with \"include\" and \"exclude\"")
        }
    }

    private static func names(_ object: JSONObject, _ member: String) throws(InvalidParameter) -> [String] {
        guard let value = object[member], !value.isNull else { return [] }
        guard let names = value.array?.compactMap(\.string), names.count == value.array?.count else {
            throw InvalidParameter("fields", "must have an array of strings as \"\(member)\"")
        }
        try RequestLimits.check(names.count, RequestLimits.fieldCount, of: "names as \"\(member)\"", in: "fields")
        for name in names { try RequestLimits.check(name: name, in: "fields") }
        return names
    }
}

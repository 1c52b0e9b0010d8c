public import CQL2
public import JSON

/// An Item's values for a filter, from its text: what decides where columns do not, and what they must agree with.
public struct ItemPropertyLookup: PropertyLookup {
    private let item: JSONElement

    public init(_ item: JSONElement) {
        self.item = item
    }

    public func value(of property: String) -> CQL2Value {
        element(of: property).map { CQL2Value($0) } ?? .null
    }

    /// Where the property is in the Item; see `PropertyName`.
    public func element(of property: String) -> JSONElement? {
        let name = PropertyName.normalized(property)
        if name == "id" || name == "collection" || name == "geometry" { return item[name] }
        if let found = item.member("properties").flatMap({ Self.find(Substring(name), in: $0) }) { return found }
        return PropertyName.leadsToRoot(name) ? Self.find(Substring(name), in: item) : nil
    }

    private static func find(_ name: Substring, in element: JSONElement) -> JSONElement? {
        if let member = element[String(name)] { return member.isNull ? nil : member }
        for dot in name.indices where name[dot] == "." {
            guard let member = element[String(name[..<dot])], member.kind == .object else { continue }
            if let found = find(name[name.index(after: dot)...], in: member) { return found }
        }
        return nil
    }
}

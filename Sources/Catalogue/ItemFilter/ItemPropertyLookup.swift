public import CQL2
public import JSON

/// An Item's values for a filter, from its text: decides where columns do not, and defines the result of columns.
public struct ItemPropertyLookup: PropertyLookup {
    private let item: JSONElement

    public init(_ item: JSONElement) {
        self.item = item
    }

    public func value(of property: String) -> CQL2Value {
        element(of: property).map { CQL2Value($0) } ?? .null
    }

    /// The location of the property in the Item; see `PropertyName`.
    public func element(of property: String) -> JSONElement? {
        let name = PropertyName.normalized(property)
        if name == "id" || name == "collection" || name == "geometry" { return item[name] }
        if let found = item.member("properties").flatMap({ PropertyName.find(name[...], in: $0) }) { return found }
        return PropertyName.leadsToRoot(name) ? PropertyName.find(name[...], in: item) : nil
    }
}

public import CQL2
import Geo
public import JSON

/// An Item's values for a filter, from its text: decides where columns do not, and defines the result of columns.
public struct ItemPropertyLookup: PropertyLookup {
    private let item: JSONElement

    public init(_ item: JSONElement) {
        self.item = item
    }

    public func value(of property: String) -> CQL2Value {
        guard let element = element(of: property) else { return .null }
        let value = CQL2Value(element)
        guard case .geometry(let geometry) = value, PropertyName.normalized(property) == "geometry" else {
            return value
        }
        return .geometry(geometry.normalized(in: item.member("bbox").flatMap { BoundingBox($0) }))
    }

    /// The location of the property in the Item; see `PropertyName`.
    public func element(of property: String) -> JSONElement? {
        let name = PropertyName.normalized(property)
        if name == "id" || name == "collection" || name == "geometry" { return item[name] }
        if let found = item.member("properties").flatMap({ PropertyName.find(name[...], in: $0) }) { return found }
        return PropertyName.leadsToRoot(name) ? PropertyName.find(name[...], in: item) : nil
    }
}

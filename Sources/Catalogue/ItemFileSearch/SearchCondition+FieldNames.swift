import CQL2
import ItemFilter
import STACAPI

extension SearchCondition {
    /// Names of the top-level fields of a file that it depends on.
    var fieldNames: Set<String> {
        switch self {
        case .ranges(_, _, let expression), .expression(let expression):
            var names: Set<String> = []
            expression.forEachOperand { operand in
                if case .property(let name) = operand { names.formUnion(SearchConditions.fieldNames(of: name)) }
            }
            return names
        case .area: return ["geometry", "bbox"]
        case .datetime: return ["datetime", "start_datetime", "end_datetime"]
        case .ids: return ["id"]
        case .collections: return ["collection"]
        case .elevation: return ["bbox"]
        }
    }
}

extension SearchConditions {
    /// Fields that a property's name may refer to, by the rules of `PropertyName`.
    static func fieldNames(of property: String) -> Set<String> {
        let name = PropertyName.normalized(property)
        if name == "id" || name == "collection" { return [name] }
        // The box decides what a ring leaves open.
        if name == "geometry" { return ["geometry", "bbox"] }
        return Set(PropertyName.prefixes(name) + [name])
    }

    /// Names of the top-level fields of a file that the order depends on.
    var orderNames: Set<String> {
        order.reduce(into: []) { names, key in
            names.formUnion(Self.fieldNames(of: key.property))
            if PropertyName.normalized(key.property) == "datetime" { names.insert("start_datetime") }
        }
    }
}

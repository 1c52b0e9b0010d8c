import CQL2
import Geo
import JSON
import STACAPI
import SearchIndex
import Temporal

/// One of the conditions that an Item must meet, all of them.
///
/// Each can be decided on the Item's text, which is what the catalogue's index falls back to. Some can be decided on
/// columns before, and on the bounds of columns before that.
enum SearchCondition: Sendable {
    /// One property against literals that have a plain order.
    case ranges(property: String, ValueRanges, Expression)
    /// The geometry shares a point with an area: its place among the request's.
    case area(Int)
    case datetime(DateTimeInterval)
    case ids(Set<[UInt8]>)
    case collections(Set<[UInt8]>)
    case elevation(ClosedRange<Double>)
    case expression(Expression)
}

/// A request as conditions, with the members of Items that they need.
struct SearchConditions: Sendable {
    let conditions: [SearchCondition]
    let areas: [Geometry]
    let order: [SortKey]

    /// - Throws: `CQL2Error` for functions that are not known, `ItemFileSearchError` for a free text.
    init(_ request: SearchRequest) throws {
        var conditions: [SearchCondition] = []
        var areas: [Geometry] = []
        if let ids = request.ids { conditions.append(.ids(Set(ids.map { Array($0.utf8) }))) }
        if let collections = request.collections {
            conditions.append(.collections(Set(collections.map { Array($0.utf8) })))
        }
        if let datetime = request.datetime { conditions.append(.datetime(datetime)) }
        if let area = request.area {
            conditions.append(.area(areas.count))
            areas.append(area)
        }
        if let elevation = request.elevation { conditions.append(.elevation(elevation)) }
        if let filter = request.filter {
            try filter.validate()
            for part in filter.conjuncts {
                if let area = part.requiredArea {
                    conditions.append(.area(areas.count))
                    areas.append(area)
                } else if let property = part.onlyProperty, let ranges = ValueRanges(part) {
                    conditions.append(.ranges(property: property, ranges, part))
                } else {
                    conditions.append(.expression(part))
                }
            }
        }
        self.conditions = conditions
        self.areas = areas
        order = SortKey.effective(request.sortBy)
    }

    /// Fields that a property's name may lead to, by the rules of `PropertyName`.
    static func fieldNames(of property: String) -> Set<String> {
        let name = PropertyName.normalized(property)
        if name == "id" || name == "collection" || name == "geometry" { return [name] }
        return Set(PropertyName.prefixes(name) + [name])
    }

    /// Names of the fields at the top of a file that the order is made of.
    var orderNames: Set<String> {
        order.reduce(into: []) { names, key in
            names.formUnion(Self.fieldNames(of: key.property))
            if PropertyName.normalized(key.property) == "datetime" { names.insert("start_datetime") }
        }
    }
}

extension SearchCondition {
    /// Names of the fields at the top of a file that decide it.
    var fieldNames: Set<String> {
        switch self {
        case .ranges(_, _, let expression), .expression(let expression):
            var names: Set<String> = []
            expression.forEachOperand { operand in
                if case .property(let name) = operand { names.formUnion(SearchConditions.fieldNames(of: name)) }
            }
            return names
        case .area: return ["geometry"]
        case .datetime: return ["datetime", "start_datetime", "end_datetime"]
        case .ids: return ["id"]
        case .collections: return ["collection"]
        case .elevation: return ["bbox"]
        }
    }
}

extension Expression {
    /// The parts that must all hold.
    fileprivate var conjuncts: [Expression] {
        if case .and(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
    }

    /// The property, when no other occurs.
    fileprivate var onlyProperty: String? {
        var names: Set<String> = []
        forEachOperand { operand in
            if case .property(let name) = operand { names.insert(PropertyName.normalized(name)) }
        }
        return names.count == 1 ? names.first : nil
    }

    /// The area of a condition that is nothing else than that the geometry intersects it.
    fileprivate var requiredArea: Geometry? {
        guard case .spatial(.intersects, let left, let right) = self else { return nil }
        for (one, other) in [(left, right), (right, left)] {
            guard case .property(let name) = one, PropertyName.normalized(name) == "geometry" else { continue }
            switch other {
            case .geometry(let geometry): return geometry
            case .boundingBox(let literal): return Geometry(literal.box)
            default: break
            }
        }
        return nil
    }
}

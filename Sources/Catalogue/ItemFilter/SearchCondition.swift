package import CQL2
package import Geo
package import STACAPI
package import Temporal

/// One of the conditions that an Item must all satisfy.
///
/// Each can be evaluated on the Item's text, which is the fallback of the catalogue's index. Some can be evaluated on
/// columns first, and on the bounds of columns before that.
package enum SearchCondition: Sendable {
    /// One property compared with literals that have a plain order.
    case ranges(property: String, ValueRanges, Expression)
    /// The geometry intersects an area: its index in `SearchConditions.areas`.
    case area(Int)
    case datetime(DateTimeInterval)
    case ids(Set<[UInt8]>)
    case collections(Set<[UInt8]>)
    case elevation(ClosedRange<Double>)
    case expression(Expression)
}

/// A request as conditions. Its `limit`, `cursor` and free text are ignored.
package struct SearchConditions: Sendable {
    package let conditions: [SearchCondition]
    package let areas: [Geometry]
    package let order: [SortKey]

    /// - Throws: `CQL2Error` for unknown functions.
    package init(_ request: SearchRequest) throws {
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
}

extension Expression {
    /// The parts that must all hold.
    fileprivate var conjuncts: [Expression] {
        if case .and(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
    }

    /// The property, if it is the only one.
    fileprivate var onlyProperty: String? {
        var names: Set<String> = []
        forEachOperand { operand in
            if case .property(let name) = operand { names.insert(PropertyName.normalized(name)) }
        }
        return names.count == 1 ? names.first : nil
    }

    /// The area of a condition that is a plain intersection test.
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

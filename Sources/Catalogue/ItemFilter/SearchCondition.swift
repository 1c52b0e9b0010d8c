package import CQL2
package import Geo
package import STACAPI
package import Temporal

/// One of the conditions that an Item must meet, all of them.
///
/// Each can be decided on the Item's text, which is what the catalogue's index falls back to. Some can be decided on
/// columns before, and on the bounds of columns before that.
package enum SearchCondition: Sendable {
    /// One property against literals that have a plain order.
    case ranges(property: String, ValueRanges, Expression)
    /// The geometry shares a point with an area: its position among `SearchConditions.areas`.
    case area(Int)
    case datetime(DateTimeInterval)
    case ids(Set<[UInt8]>)
    case collections(Set<[UInt8]>)
    case elevation(ClosedRange<Double>)
    case expression(Expression)
}

/// A request as conditions. Its `limit`, its `cursor` and its free text play no part.
package struct SearchConditions: Sendable {
    package let conditions: [SearchCondition]
    package let areas: [Geometry]
    package let order: [SortKey]

    /// - Throws: `CQL2Error` for functions that are not known.
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

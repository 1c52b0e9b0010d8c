import CQL2
import Geo

/// A filter made ready for columns: negations at the leaves, literals turned into ranges, geometries prepared.
///
/// One plan serves one search on one thread. The meaning is exactly that of `Expression.evaluate` over each Item.
struct FilterPlan {
    indirect enum Node {
        case all([Node])
        case any([Node])
        case leaf(FilterLeaf)
    }

    let root: Node

    /// - Throws: `CQL2Error` for functions that are not known, `GeoError` for geometries that cannot be used.
    init(_ expression: Expression) throws {
        try expression.validate()
        root = try Self.node(expression, isNegated: false)
    }

    /// De Morgan's laws hold in three-valued logic, too.
    private static func node(_ expression: Expression, isNegated: Bool) throws -> Node {
        switch expression {
        case .and(let parts):
            let nodes = try parts.map { try node($0, isNegated: isNegated) }
            return isNegated ? .any(nodes) : .all(nodes)
        case .or(let parts):
            let nodes = try parts.map { try node($0, isNegated: isNegated) }
            return isNegated ? .all(nodes) : .any(nodes)
        case .not(let inner): return try node(inner, isNegated: !isNegated)
        default: return .leaf(try FilterLeaf(expression, isNegated: isNegated))
        }
    }
}

/// A predicate of a filter.
struct FilterLeaf {
    enum Shape {
        /// Only one property occurs: the result follows from its value alone.
        case property(String, ValueRanges?)
        /// The Item's geometry against a literal.
        case area(SpatialPredicate, PreparedGeometry)
        /// Several properties occur.
        case several([String])
        /// No property occurs.
        case constant
    }

    let expression: Expression
    let isNegated: Bool
    let shape: Shape

    init(_ expression: Expression, isNegated: Bool) throws {
        self.expression = expression
        self.isNegated = isNegated
        if case .spatial(let predicate, let left, let right) = expression,
            let (predicate, area) = Self.area(predicate, left, right)
        {
            shape = .area(predicate, PreparedGeometry(area))
            return
        }
        var names: Set<ColumnName> = []
        expression.forEachOperand { operand in
            if case .property(let name) = operand { names.insert(ColumnName(PropertyName.normalized(name))) }
        }
        let properties = names.map(\.text)
        switch properties.count {
        case 0: shape = .constant
        case 1: shape = .property(properties[0], ValueRanges(expression))
        default: shape = .several(properties)
        }
    }

    /// The predicate with the Item's geometry as left operand.
    private static func area(
        _ predicate: SpatialPredicate, _ left: Operand, _ right: Operand
    ) -> (SpatialPredicate, Geometry)? {
        func isGeometry(_ operand: Operand) -> Bool {
            if case .property(let name) = operand { PropertyName.normalized(name) == "geometry" } else { false }
        }
        if isGeometry(left), let area = right.literalGeometry { return (predicate, area) }
        guard isGeometry(right), let area = left.literalGeometry else { return nil }
        let swapped: SpatialPredicate =
            switch predicate {
            case .contains: .within
            case .within: .contains
            default: predicate
            }
        return (swapped, area)
    }

    /// Whether a row with that result of the predicate is wanted.
    @inline(__always)
    func accepts(_ result: Bool?) -> Bool { result == !isNegated }
}

extension Operand {
    fileprivate var literalGeometry: Geometry? {
        switch self {
        case .geometry(let geometry): geometry
        case .boundingBox(let literal): Geometry(literal.box)
        default: nil
        }
    }
}

/// Gives the same value for every name.
struct SingleValueLookup: PropertyLookup {
    let value: CQL2Value

    func value(of property: String) -> CQL2Value { value }
}

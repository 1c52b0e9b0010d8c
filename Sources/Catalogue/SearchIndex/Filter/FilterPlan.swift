import CQL2
import Geo
import ItemFilter

/// A filter compiled for columns: negations at the leaves, literals turned into ranges, geometries prepared.
///
/// One plan serves one search on one thread. Its semantics are exactly those of `Expression.evaluate` over each Item.
struct FilterPlan {
    indirect enum Node {
        case all([Node])
        case any([Node])
        case leaf(FilterLeaf)
    }

    /// The rest of the filter besides `areas`; `nil` for none.
    let root: Node?
    /// Areas that Items must intersect in any case.
    let areas: [SearchArea]

    /// - Throws: `CQL2Error` for unknown functions, `GeoError` for unusable geometries.
    init(_ expression: Expression) throws {
        try expression.validate()
        var parts: [Node]
        switch try Self.node(expression, isNegated: false) {
        case .all(let conditions): parts = conditions
        case let condition: parts = [condition]
        }
        areas = parts.compactMap(\.requiredArea)
        parts.removeAll { $0.requiredArea != nil }
        root = parts.count > 1 ? .all(parts) : parts.first
    }

    /// De Morgan's laws also hold in three-valued logic.
    private static func node(_ expression: Expression, isNegated: Bool) throws -> Node {
        switch expression {
        case .and(let parts):
            let nodes = try parts.map { try node($0, isNegated: isNegated) }
            return isNegated ? .any(nodes) : all(nodes)
        case .or(let parts):
            let nodes = try parts.map { try node($0, isNegated: isNegated) }
            return isNegated ? all(nodes) : .any(nodes)
        case .not(let inner): return try node(inner, isNegated: !isNegated)
        default: return .leaf(try FilterLeaf(expression, isNegated: isNegated))
        }
    }

    private static func all(_ nodes: [Node]) -> Node { .all(nodes.sorted { $0.cost < $1.cost }) }
}

extension FilterPlan.Node {
    /// The area of a condition that is a plain intersection test.
    fileprivate var requiredArea: SearchArea? {
        guard case .leaf(let leaf) = self, !leaf.isNegated, case .area(.intersects, let area) = leaf.shape else {
            return nil
        }
        return area
    }

    /// Evaluation order: cheap and selective before costly. Most segments have Items of one span of time.
    fileprivate var cost: Int {
        switch self {
        case .leaf(let leaf):
            switch leaf.shape {
            case .constant: 0
            case .property(_, let ranges?): ranges.timestamps != nil ? 1 : 2
            case .area: 3
            case .property: 4
            case .several: 5
            }
        case .all(let parts), .any(let parts): 6 + parts.count
        }
    }
}

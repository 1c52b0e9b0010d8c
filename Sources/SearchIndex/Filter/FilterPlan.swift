import CQL2

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

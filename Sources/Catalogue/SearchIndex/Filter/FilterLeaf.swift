import CQL2
import Geo
import ItemFilter

/// A predicate of a filter.
struct FilterLeaf {
    enum Shape {
        /// Exactly one property occurs: the result is a function of its value.
        case property(String, ValueRanges?)
        /// The Item's geometry against a literal.
        case area(SpatialPredicate, SearchArea)
        /// Several properties occur.
        case several([String])
        /// No property occurs.
        case constant
    }

    let expression: Expression
    let compiled: CompiledExpression
    let isNegated: Bool
    let shape: Shape
    /// For `property LIKE 'pattern'`: the pattern, parsed once.
    let pattern: LikePattern?

    init(_ expression: Expression, isNegated: Bool) throws {
        self.expression = expression
        compiled = CompiledExpression(expression)
        self.isNegated = isNegated
        if case .like(.property, pattern: .string(let text)) = expression {
            pattern = LikePattern(text)
        } else {
            pattern = nil
        }
        if case .spatial(let predicate, let left, let right) = expression,
            let (predicate, area) = Self.area(predicate, left, right)
        {
            shape = .area(predicate, SearchArea(area))
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

    /// Whether a row with that result of the predicate matches.
    @inline(__always)
    func accepts(_ result: Bool?) -> Bool { result == !isNegated }
}

extension FilterLeaf {
    /// Whether only the instant of a date-time text matters, not its spelling.
    var readsTextAsTime: Bool {
        switch expression {
        case .temporal, .isNull(.property): true
        default: false
        }
    }

    /// Whether column values decide, without the body.
    func decides(_ values: [CQL2Value]) -> Bool {
        var times = 0
        for value in values {
            switch value {
            case .object: return false
            case .timestamp: times += 1
            default: break
            }
        }
        if times == 0 || readsTextAsTime { return true }
        guard case .comparison(_, .property, .property) = expression else { return false }
        return values.allSatisfy { if case .string = $0 { false } else { true } }
    }
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

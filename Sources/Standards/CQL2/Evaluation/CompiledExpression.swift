import Geo
import JSON
import Temporal

/// A filter made ready for many items: literals are values, lists are sets, patterns are parsed, and geometries are
/// prepared, once. For one thread at a time.
public final class CompiledExpression {
    private let expression: Expression
    private lazy var condition = CompiledCondition(expression)

    /// Takes no time: the filter is compiled when it is first evaluated, in time linear in its length.
    public init(_ expression: Expression) {
        self.expression = expression
    }

    /// As `Expression.evaluate`.
    public func evaluate(_ lookup: some PropertyLookup) throws(CQL2Error) -> Bool? { try condition.evaluate(lookup) }
}

indirect enum CompiledCondition {
    case and([CompiledCondition])
    case or([CompiledCondition])
    case not(CompiledCondition)
    case comparison(ComparisonOperator, CompiledOperand, CompiledOperand)
    case like(CompiledOperand, LikePattern)
    /// With a pattern that is none: unknown.
    case likeAnything(CompiledOperand, CompiledOperand)
    case between(CompiledOperand, lower: CompiledOperand, upper: CompiledOperand)
    /// Values, and operands that differ from item to item.
    case `in`(CompiledOperand, ValueSet, [CompiledOperand])
    case isNull(CompiledOperand)
    case spatial(SpatialPredicate, CompiledOperand, CompiledOperand)
    case spatialLeft(SpatialPredicate, ComparedGeometry, CompiledOperand)
    case spatialRight(SpatialPredicate, CompiledOperand, ComparedGeometry)
    case temporal(TemporalOperator, CompiledOperand, CompiledOperand)
    case array(ArrayOperator, CompiledArray, CompiledArray)
    case boolean(CompiledOperand)
}

/// An operand of an array function, literals as a set.
enum CompiledArray {
    case set(ElementSet)
    case operand(CompiledOperand)
}

extension CompiledCondition {
    init(_ expression: Expression) {
        switch expression {
        case .and(let parts): self = .and(parts.map { Self($0) })
        case .or(let parts): self = .or(parts.map { Self($0) })
        case .not(let inner): self = .not(Self(inner))
        default: self = Self(predicate: expression)
        }
    }

    private init(predicate: Expression) {
        switch predicate {
        case .and, .or, .not: self.init(predicate)
        case .comparison(let comparison, let left, let right):
            self = .comparison(comparison, CompiledOperand(left), CompiledOperand(right))
        case .like(let operand, let pattern):
            let (operand, pattern) = (CompiledOperand(operand), CompiledOperand(pattern))
            if case .constant(.string(let text)) = pattern {
                self = .like(operand, LikePattern(text))
            } else {
                self = .likeAnything(operand, pattern)
            }
        case .between(let operand, let lower, let upper):
            self = .between(
                CompiledOperand(operand), lower: CompiledOperand(lower), upper: CompiledOperand(upper))
        case .in(let operand, let list):
            var values: [CQL2Value] = []
            var others: [CompiledOperand] = []
            for element in list {
                let element = CompiledOperand(element)
                if case .constant(let value) = element { values.append(value) } else { others.append(element) }
            }
            self = .in(CompiledOperand(operand), ValueSet(values), others)
        case .isNull(let operand): self = .isNull(CompiledOperand(operand))
        case .spatial(let predicate, let left, let right):
            let (left, right) = (CompiledOperand(left), CompiledOperand(right))
            if case .constant(.geometry(let geometry)) = right {
                self = .spatialRight(predicate, left, ComparedGeometry(geometry))
            } else if case .constant(.geometry(let geometry)) = left {
                self = .spatialLeft(predicate, ComparedGeometry(geometry), right)
            } else {
                self = .spatial(predicate, left, right)
            }
        case .temporal(let temporal, let left, let right):
            self = .temporal(temporal, CompiledOperand(left), CompiledOperand(right))
        case .array(let array, let left, let right): self = .array(array, CompiledArray(left), CompiledArray(right))
        case .boolean(let operand): self = .boolean(CompiledOperand(operand))
        }
    }
}

extension CompiledArray {
    fileprivate init(_ operand: Operand) {
        let operand = CompiledOperand(operand)
        if case .constant(.array(let elements)) = operand {
            self = .set(ElementSet(elements))
        } else {
            self = .operand(operand)
        }
    }
}

/// An operand whose parts without properties are values already.
indirect enum CompiledOperand {
    case constant(CQL2Value)
    case property(String)
    case interval(CompiledBound, CompiledBound)
    case array([CompiledOperand])
    case arithmetic(ArithmeticOperator, CompiledOperand, CompiledOperand)
    case casei(CompiledOperand)
    case accenti(CompiledOperand)
    case function(String)
    case condition(CompiledCondition)
}

enum CompiledBound {
    /// `nil`: open.
    case instant(Timestamp?)
    case computed(CompiledOperand)
}

extension CompiledOperand {
    init(_ operand: Operand) {
        switch operand {
        case .property(let name): self = .property(name)
        case .string(let string): self = .constant(.string(string))
        case .number(let number): self = .constant(.number(number.double))
        case .bool(let value): self = .constant(.bool(value))
        case .timestamp(let literal): self = .constant(.timestamp(literal.instant))
        case .date(let literal): self = .constant(.date(literal.instant))
        case .geometry(let geometry): self = .constant(.geometry(geometry))
        case .boundingBox(let literal): self = .constant(.geometry(Geometry(literal.box)))
        case .function(let name, _): self = .function(name)
        case .expression(let expression): self = .condition(CompiledCondition(expression))
        default: self = Self(computed: operand)
        }
    }

    /// Operands of operands, which are folded when all of those are values.
    private init(computed operand: Operand) {
        let isConstant: Bool
        switch operand {
        case .interval(let start, let end):
            let (start, end) = (CompiledBound(start), CompiledBound(end))
            self = .interval(start, end)
            isConstant = start.isConstant && end.isConstant
        case .array(let elements):
            let elements = elements.map { Self($0) }
            self = .array(elements)
            isConstant = elements.allSatisfy(\.isConstant)
        case .arithmetic(let arithmetic, let left, let right):
            let (left, right) = (Self(left), Self(right))
            self = .arithmetic(arithmetic, left, right)
            isConstant = left.isConstant && right.isConstant
        case .casei(let inner):
            let inner = Self(inner)
            self = .casei(inner)
            isConstant = inner.isConstant
        case .accenti(let inner):
            let inner = Self(inner)
            self = .accenti(inner)
            isConstant = inner.isConstant
        default:
            self.init(operand)
            isConstant = false
        }
        // No property is asked for.
        if isConstant, let value = try? value([:] as [String: CQL2Value]) { self = .constant(value) }
    }

    var isConstant: Bool { if case .constant = self { true } else { false } }
}

extension CompiledBound {
    fileprivate init(_ bound: IntervalBound) {
        switch bound {
        case .open: self = .instant(nil)
        case .date(let literal), .timestamp(let literal): self = .instant(literal.instant)
        case .computed(let operand): self = .computed(CompiledOperand(operand))
        }
    }

    fileprivate var isConstant: Bool {
        switch self {
        case .instant: true
        case .computed(let operand): operand.isConstant
        }
    }
}

public import Geo
public import JSON

/// An operand of a predicate: a literal, a property, or a value computed from them.
///
/// Literals keep their text, so that text and JSON turn into each other without loss; coordinates are doubles.
public indirect enum Operand: Sendable, Hashable {
    case property(String)
    case string(String)
    case number(JSONNumber)
    case bool(Bool)
    case timestamp(TemporalLiteral)
    case date(TemporalLiteral)
    case interval(IntervalBound, IntervalBound)
    case geometry(Geometry)
    case boundingBox(BoundingBoxLiteral)
    case array([Operand])
    case arithmetic(ArithmeticOperator, Operand, Operand)
    case casei(Operand)
    case accenti(Operand)
    /// A function that CQL2 does not define, by the name as written.
    case function(String, [Operand])
    /// A predicate used as a value. Never an `Expression.boolean`: that is its operand itself.
    case expression(Expression)
}

extension Operand {
    /// The operand that stands for `expression`.
    public init(_ expression: Expression) {
        if case .boolean(let operand) = expression { self = operand } else { self = .expression(expression) }
    }

    /// The operand as a condition; `nil` when it is none, such as a string.
    public var condition: Expression? {
        switch self {
        case .expression(let expression): expression
        case .bool, .property, .function: .boolean(self)
        default: nil
        }
    }
}

/// A start or an end of an interval literal.
public indirect enum IntervalBound: Sendable, Hashable {
    /// `..`: without bound.
    case open
    case date(TemporalLiteral)
    case timestamp(TemporalLiteral)
    /// A property or a function.
    case computed(Operand)

    /// - Returns: `nil` when `operand` is neither an instant nor something that may give one.
    init?(_ operand: Operand) {
        switch operand {
        case .string(".."), .string(""): self = .open
        case .string(let text):
            if let literal = TemporalLiteral(date: text) {
                self = .date(literal)
            } else if let literal = TemporalLiteral(timestamp: text) {
                self = .timestamp(literal)
            } else {
                return nil
            }
        case .date(let literal): self = .date(literal)
        case .timestamp(let literal): self = .timestamp(literal)
        case .property, .function: self = .computed(operand)
        default: return nil
        }
    }

    static let expectation = "a date, a timestamp, '..' or a property"
}

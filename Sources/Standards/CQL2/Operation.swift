import Geo
import JSON

/// The meaning of an operator of CQL2 JSON, or of the CQL2 text function of that name.
enum Operation {
    case and, or, not, like, between, `in`, isNull, casei, accenti
    case comparison(ComparisonOperator)
    case arithmetic(ArithmeticOperator)
    case spatial(SpatialPredicate)
    case temporal(TemporalOperator)
    case array(ArrayOperator)

    /// - Parameter name: In any case. `nil` means that it is a function's.
    init?(_ name: String) {
        guard let operation = Self.byName[name.lowercased()] else { return nil }
        self = operation
    }

    private static let byName: [String: Operation] = {
        var names: [String: Operation] = [
            "and": .and, "or": .or, "not": .not, "like": .like, "between": .between, "in": .in, "isnull": .isNull,
            "casei": .casei, "accenti": .accenti,
        ]
        for value in ComparisonOperator.allCases { names[value.rawValue] = .comparison(value) }
        for value in ArithmeticOperator.allCases { names[value.rawValue] = .arithmetic(value) }
        for value in SpatialPredicate.allCases { names[value.jsonName.lowercased()] = .spatial(value) }
        for value in TemporalOperator.allCases { names[value.jsonName.lowercased()] = .temporal(value) }
        for value in ArrayOperator.allCases { names[value.jsonName.lowercased()] = .array(value) }
        return names
    }()

    /// A fault in the arguments of an operation.
    struct ArgumentError: Error {
        /// `nil`: their number.
        let index: Int?
        let expected: String
    }

    /// Applies the operation.
    ///
    /// Beyond the standard: `and` and `or` of one condition are that condition, and `between` takes its bounds as an
    /// array, as filters of earlier drafts did.
    func applied(to arguments: [Operand]) throws(ArgumentError) -> Operand {
        switch self {
        case .and, .or:
            guard !arguments.isEmpty else { throw ArgumentError(index: nil, expected: "two or more conditions") }
            var parts: [Expression] = []
            for (index, argument) in arguments.enumerated() {
                guard let part = argument.condition else {
                    throw ArgumentError(index: index, expected: OperandKind.boolean.expectation)
                }
                parts.append(part)
            }
            if parts.count == 1 { return Operand(parts[0]) }
            if case .and = self { return .expression(.and(parts)) } else { return .expression(.or(parts)) }
        case .not:
            try check(arguments, .boolean)
            // Checked in the line before.
            return .expression(.not(arguments[0].condition!))
        case .comparison(let comparison):
            try check(arguments, .scalar, .scalar)
            return .expression(.comparison(comparison, arguments[0], arguments[1]))
        case .like:
            try check(arguments, .character, .pattern)
            return .expression(.like(arguments[0], pattern: arguments[1]))
        case .between:
            var arguments = arguments
            if arguments.count == 2, case .array(let bounds) = arguments[1] { arguments[1...] = bounds[...] }
            try check(arguments, .scalar, .scalar, .scalar)
            return .expression(.between(arguments[0], lower: arguments[1], upper: arguments[2]))
        case .in:
            try check(arguments, .scalar, .array)
            guard case .array(let list) = arguments[1] else { throw ArgumentError(index: 1, expected: "a list") }
            guard list.allSatisfy(OperandKind.scalar.accepts) else {
                throw ArgumentError(index: 1, expected: "a list of strings, numbers, Booleans, timestamps or dates")
            }
            return .expression(.in(arguments[0], list))
        case .isNull:
            try check(arguments, .any)
            return .expression(.isNull(arguments[0]))
        case .spatial(let predicate):
            try check(arguments, .geometry, .geometry)
            return .expression(.spatial(predicate, arguments[0], arguments[1]))
        case .temporal(let temporal):
            try check(arguments, .temporal, .temporal)
            return .expression(.temporal(temporal, arguments[0], arguments[1]))
        case .array(let array):
            try check(arguments, .array, .array)
            return .expression(.array(array, arguments[0], arguments[1]))
        case .arithmetic(.subtract) where arguments.count == 1:
            try check(arguments, .number)
            return arguments[0].negated
        case .arithmetic(let arithmetic):
            try check(arguments, .number, .number)
            return .arithmetic(arithmetic, arguments[0], arguments[1])
        case .casei:
            try check(arguments, .character)
            return .casei(arguments[0])
        case .accenti:
            try check(arguments, .character)
            return .accenti(arguments[0])
        }
    }

    private func check(_ arguments: [Operand], _ kinds: OperandKind...) throws(ArgumentError) {
        guard arguments.count == kinds.count else {
            let expected = ["one argument", "two arguments", "three arguments"][kinds.count - 1]
            throw ArgumentError(index: nil, expected: expected)
        }
        for (index, kind) in kinds.enumerated() where !kind.accepts(arguments[index]) {
            throw ArgumentError(index: index, expected: kind.expectation)
        }
    }
}

extension Operand {
    /// The operand with a minus before it. JSON has no sign for anything but literals; hence `-1 * a`.
    var negated: Operand {
        .arithmetic(.multiply, .number(JSONNumber(-1)), self)
    }
}

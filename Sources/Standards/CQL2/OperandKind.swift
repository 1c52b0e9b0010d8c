/// The kinds of operands that the grammar distinguishes.
///
/// Source: the rules `scalarExpression`, `numericExpression`, `characterExpression`, `patternExpression`,
/// `geomExpression`, `temporalExpression` and `arrayOperand` of
/// [the BNF](https://docs.ogc.org/is/21-065r2/21-065r2.html#cql2-bnf).
enum OperandKind {
    case any, boolean, scalar, number, character, pattern, geometry, temporal, array

    var expectation: String {
        switch self {
        case .any: "a value"
        case .boolean: "a condition"
        case .scalar: "a string, number, Boolean, timestamp, date or property"
        case .number: "a number or property"
        case .character: "a string or property"
        case .pattern: "a pattern in quotes"
        case .geometry: "a geometry or property"
        case .temporal: "a timestamp, date, interval or property"
        case .array: "an array or property"
        }
    }

    func accepts(_ operand: Operand) -> Bool {
        switch (self, operand) {
        case (.any, _): true
        case (.pattern, .string): true
        case (.pattern, .casei(let inner)), (.pattern, .accenti(let inner)): accepts(inner)
        case (.pattern, _): false
        case (_, .property), (_, .function): true
        case (.boolean, .bool), (.boolean, .expression): true
        case (.scalar, .geometry), (.scalar, .boundingBox), (.scalar, .interval), (.scalar, .array): false
        case (.scalar, _): true
        case (.number, .number), (.number, .arithmetic): true
        case (.character, .string), (.character, .casei), (.character, .accenti): true
        case (.geometry, .geometry), (.geometry, .boundingBox): true
        // Strings: many clients write instants without TIMESTAMP or DATE.
        case (.temporal, .timestamp), (.temporal, .date), (.temporal, .interval), (.temporal, .string): true
        case (.array, .array): true
        default: false
        }
    }
}

import Geo
import JSON

extension Expression {
    /// The filter as CQL2 text, which reads back as an equal tree.
    ///
    /// `and` and `or` of one condition are written as that condition, of none as `TRUE` and `FALSE`.
    public var text: String {
        var printer = TextPrinter()
        printer.print(self)
        return printer.text
    }
}

extension Operand {
    /// The operand as CQL2 text.
    public var text: String {
        var printer = TextPrinter()
        printer.print(self)
        return printer.text
    }
}

/// Writes CQL2 text with as few parentheses as the BNF allows, arithmetic aside.
struct TextPrinter {
    private(set) var text = ""

    // MARK: Conditions

    mutating func print(_ expression: Expression) {
        switch expression {
        case .and(let parts): chain(parts, .and, ifEmpty: "TRUE")
        case .or(let parts): chain(parts, .or, ifEmpty: "FALSE")
        case .not(.like(let operand, let pattern)): infix(operand, " NOT LIKE ", pattern)
        case .not(.between(let operand, let lower, let upper)): between(operand, " NOT BETWEEN ", lower, upper)
        case .not(.in(let operand, let list)): membership(operand, " NOT IN ", list)
        case .not(.isNull(let operand)): nullTest(operand, " IS NOT NULL")
        case .not(let inner):
            text += "NOT "
            if case .boolean = inner { print(inner) } else { parenthesized(inner) }
        case .comparison(let comparison, let left, let right): infix(left, " \(comparison.rawValue) ", right)
        case .like(let operand, let pattern): infix(operand, " LIKE ", pattern)
        case .between(let operand, let lower, let upper): between(operand, " BETWEEN ", lower, upper)
        case .in(let operand, let list): membership(operand, " IN ", list)
        case .isNull(let operand): nullTest(operand, " IS NULL")
        case .spatial(let predicate, let left, let right): call(predicate.jsonName.uppercased(), [left, right])
        case .temporal(let temporal, let left, let right): call(temporal.jsonName.uppercased(), [left, right])
        case .array(let array, let left, let right):
            text += array.jsonName.uppercased() + "("
            arrayOperand(left)
            text += ", "
            arrayOperand(right)
            text += ")"
        case .boolean(let operand): print(operand)
        }
    }

    private mutating func chain(_ parts: [Expression], _ word: Keyword, ifEmpty: String) {
        if parts.isEmpty { text += ifEmpty }
        if parts.count == 1 { return print(parts[0]) }
        for (index, part) in parts.enumerated() {
            if index > 0 { text += " " + word.rawValue.uppercased() + " " }
            switch part {
            case .and(let inner) where inner.count > 1 && word == .and: parenthesized(part)
            case .or(let inner) where inner.count > 1: parenthesized(part)
            default: print(part)
            }
        }
    }

    private mutating func parenthesized(_ expression: Expression) {
        text += "("
        print(expression)
        text += ")"
    }

    private mutating func infix(_ left: Operand, _ sign: String, _ right: Operand) {
        print(left)
        text += sign
        print(right)
    }

    private mutating func between(_ operand: Operand, _ word: String, _ lower: Operand, _ upper: Operand) {
        infix(operand, word, lower)
        text += " AND "
        print(upper)
    }

    private mutating func membership(_ operand: Operand, _ word: String, _ list: [Operand]) {
        print(operand)
        text += word
        text += "("
        arguments(list)
        text += ")"
    }

    private mutating func nullTest(_ operand: Operand, _ words: String) {
        print(operand)
        text += words
    }

    // MARK: Operands

    mutating func print(_ operand: Operand) {
        switch operand {
        case .property(let name): text += Self.name(name)
        case .string(let string): text += Self.quoted(string)
        case .number(let number): text += number.text
        case .bool(let value): text += value ? "TRUE" : "FALSE"
        case .timestamp(let literal): text += "TIMESTAMP(" + Self.quoted(literal.text) + ")"
        case .date(let literal): text += "DATE(" + Self.quoted(literal.text) + ")"
        case .interval(let start, let end):
            text += "INTERVAL("
            print(start)
            text += ", "
            print(end)
            text += ")"
        case .geometry(let geometry): text += geometry.wkt
        case .boundingBox(let literal): text += "BBOX(" + literal.numbers.map(\.text).joined(separator: ", ") + ")"
        case .array(let elements): array(elements, isKnown: false)
        case .arithmetic(let arithmetic, let left, let right):
            arithmeticOperand(left)
            text += " \(arithmetic.rawValue) "
            arithmeticOperand(right)
        case .casei(let inner): call("CASEI", [inner])
        case .accenti(let inner): call("ACCENTI", [inner])
        case .function(let name, let arguments): call(Self.name(name), arguments)
        case .expression(let expression): parenthesized(expression)
        }
    }

    private mutating func print(_ bound: IntervalBound) {
        switch bound {
        case .open: text += "'..'"
        case .date(let literal), .timestamp(let literal): text += Self.quoted(literal.text)
        case .computed(let operand): print(operand)
        }
    }

    private mutating func arithmeticOperand(_ operand: Operand) {
        guard case .arithmetic = operand else { return print(operand) }
        text += "("
        print(operand)
        text += ")"
    }

    private mutating func arrayOperand(_ operand: Operand) {
        if case .array(let elements) = operand { array(elements, isKnown: true) } else { print(operand) }
    }

    /// - Parameter isKnown: Whether parentheses around one element are read as an array here.
    private mutating func array(_ elements: [Operand], isKnown: Bool) {
        text += "("
        arguments(elements)
        if elements.count == 1, !isKnown { text += "," }
        text += ")"
    }

    private mutating func call(_ name: String, _ operands: [Operand]) {
        text += name + "("
        arguments(operands)
        text += ")"
    }

    private mutating func arguments(_ operands: [Operand]) {
        for (index, operand) in operands.enumerated() {
            if index > 0 { text += ", " }
            if case .array(let elements) = operand {
                array(elements, isKnown: elements.first?.isArrayInParentheses ?? true)
            } else {
                print(operand)
            }
        }
    }

    // MARK: Names and strings

    private static func name(_ name: String) -> String {
        guard Identifier.needsQuotes(name) else { return name }
        return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Doubles quotes, and backslashes only where a single one would escape the next character.
    private static func quoted(_ string: String) -> String {
        var quoted = String.UnicodeScalarView("'".unicodeScalars)
        let scalars = Array(string.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "'": quoted.append(contentsOf: "''".unicodeScalars)
            case "\\":
                let next = index + 1 < scalars.count ? scalars[index + 1] : "'"
                let isEscape = Lexer.escapes[next] != nil || next.properties.generalCategory == .control
                quoted.append(contentsOf: (isEscape ? "\\\\" : "\\").unicodeScalars)
            default:
                if controls[scalar] != nil { quoted.append("\\") }
                quoted.append(controls[scalar] ?? scalar)
            }
        }
        quoted.append("'")
        return String(quoted)
    }

    private static let controls: [Unicode.Scalar: Unicode.Scalar] = {
        let letters = Lexer.escapes.filter { $0.value.value < 0x20 }
        return Dictionary(uniqueKeysWithValues: letters.map { ($0.value, $0.key) })
    }()
}

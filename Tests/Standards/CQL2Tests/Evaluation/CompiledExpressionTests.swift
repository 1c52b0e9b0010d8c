import CQL2
import Geo
import JSON
import Temporal
import TestKit
import Testing

@Suite("Compiled filters") struct CompiledExpressionTests {
    /// Values of all kinds, among which equal and incomparable ones are frequent.
    private static let scalars = [
        "1", "1.0", "2", "-0.0", "0", "TRUE", "FALSE", "'a'", "'b'", "''", "'2020-01-01'", "'2020-01-01T00:00:00Z'",
        "'2020-01-01T01:00:00+01:00'", "DATE('2020-01-01')", "TIMESTAMP('2020-01-01T00:00:00Z')",
        "TIMESTAMP('2021-01-01T00:00:00Z')", "'2021-01-01'", "'é'", "'e\u{301}'", "1e308 * 10", "x",
    ]

    private static func operand(_ text: String) throws -> Operand {
        guard case .in(_, let list) = try Expression(text: "a IN (\(text),)") else { throw Fault.noList }
        return list[0]
    }

    private enum Fault: Error { case noList }

    private static let item: [String: CQL2Value] = ["x": .string("b"), "nan": .number(.nan), "tags": .array([.null])]

    /// As the standard has it: equal to one, or unknown if it does not compare with one, or false.
    private static func isIn(_ value: CQL2Value, _ list: [CQL2Value]) -> Bool? {
        let results = list.map { value.compared(to: $0).map { $0 == .equal } }
        return results.contains(true) ? true : results.contains(nil) ? nil : false
    }

    @Test("find a value in a list as one comparison after another does")
    func lists() throws {
        var random = SeededGenerator(seed: 7)
        let scalars = try Self.scalars.map { try Self.operand($0) }
        for _ in 0..<2_000 {
            let list = (0..<Int.random(in: 0..<5, using: &random)).map { _ in scalars.randomElement(using: &random)! }
            let operand = random.next() % 8 == 0 ? Operand.property("nan") : scalars.randomElement(using: &random)!
            let expected = Self.isIn(try operand.value(Self.item), try list.map { try $0.value(Self.item) })
            let expression = Expression.in(operand, list)
            #expect(try expression.evaluate(Self.item) == expected, "\(expression.text)")
            #expect(try CompiledExpression(expression).evaluate(Self.item) == expected, "\(expression.text)")
        }
    }

    private static func isSame(_ left: CQL2Value, _ right: CQL2Value) -> Bool {
        switch (left, right) {
        case (.array(let left), .array(let right)):
            left.allSatisfy { one in right.contains { isSame(one, $0) } }
                && right.allSatisfy { one in left.contains { isSame(one, $0) } }
        default: left.compared(to: right) == .equal
        }
    }

    @Test("compare arrays as element after element does", arguments: ArrayOperator.allCases)
    func arrays(operation: ArrayOperator) throws {
        var random = SeededGenerator(seed: 11)
        var values = try Self.scalars.map { try Self.operand($0).value(Self.item) }
        values += [
            .null, .array([.number(1), .null]), .array([.number(1), .number(2)]), .array([.number(2), .number(1)]),
        ]
        func array() -> [CQL2Value] {
            (0..<Int.random(in: 0..<4, using: &random)).map { _ in values.randomElement(using: &random)! }
        }
        for _ in 0..<2_000 {
            let (left, right) = (array(), array())
            func isIn(_ value: CQL2Value, _ list: [CQL2Value]) -> Bool { list.contains { Self.isSame(value, $0) } }
            let expected =
                switch operation {
                case .contains: right.allSatisfy { isIn($0, left) }
                case .containedBy: left.allSatisfy { isIn($0, right) }
                case .equals: left.allSatisfy { isIn($0, right) } && right.allSatisfy { isIn($0, left) }
                case .overlaps: left.contains { isIn($0, right) }
                }
            #expect(operation.holds(left, right) == expected, "\(left) \(right)")
        }
    }

    @Test("take no longer for a long list, pattern or geometry than for a short one")
    func long() throws {
        let ring = (0..<5_000).map { place -> String in
            let angle = Double(place) / 5_000
            return "\(angle * 10) \(place.isMultiple(of: 2) ? 0 : 5)"
        }
        let numbers = (0..<60_000).map(String.init).joined(separator: ",")
        for text in [
            "n IN (\(numbers))", "A_OVERLAPS(list, (\(numbers)))",
            "t LIKE '%\(String(repeating: "a%", count: 2_000))b%'",
            "S_INTERSECTS(g, POLYGON((\(ring.joined(separator: ",")),12 8,-1 8,\(ring[0]))))",
        ] {
            let compiled = CompiledExpression(try Expression(text: text))
            let item: [String: CQL2Value] = [
                "n": .number(-1), "list": .array([.number(-1)]), "t": .string(String(repeating: "a", count: 3_000)),
                "g": .point(100, 50),
            ]
            for _ in 0..<500 { #expect(try compiled.evaluate(item) == false) }
        }
    }
}

extension CQL2Value {
    fileprivate static func point(_ x: Double, _ y: Double) -> Self { .geometry(.point(Position(x, y))) }
}

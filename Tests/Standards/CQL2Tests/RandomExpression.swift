import CQL2
import Geo
import JSON
import TestKit

/// Makes trees that a parser could give.
struct RandomExpression {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &random)! }

    private mutating func number(_ range: Range<Int>) -> Int { .random(in: range, using: &random) }

    mutating func expression(depth: Int) -> Expression {
        let depth = depth - 1
        switch depth <= 0 ? 11 : number(0..<12) {
        case 0: return .and((0..<number(2..<4)).map { _ in expression(depth: depth) })
        case 1: return .or((0..<number(2..<4)).map { _ in expression(depth: depth) })
        case 2: return .not(expression(depth: depth))
        case 3: return .comparison(pick(ComparisonOperator.allCases), scalar(depth), scalar(depth))
        case 4: return .like(character(depth), pattern: pattern(depth))
        case 5: return .between(scalar(depth), lower: scalar(depth), upper: scalar(depth))
        case 6: return .in(scalar(depth), (0..<number(0..<4)).map { _ in scalar(depth) })
        case 7: return .isNull(any(depth))
        case 8: return .spatial(pick(SpatialPredicate.allCases), spatial(depth), spatial(depth))
        case 9: return .temporal(pick(TemporalOperator.allCases), temporal(depth), temporal(depth))
        case 10: return .array(pick(ArrayOperator.allCases), array(depth), array(depth))
        default: return .boolean(pick([.bool(true), .bool(false), property(), function(depth)]))
        }
    }

    private mutating func property() -> Operand {
        .property(
            pick([
                "a", "eo:cloud_cover", "proj:shape.x", "a b", "and", "Date", "say \"hi\"", "größe", "1st", "日本", "\n",
                "'", "z",
                "e\u{301}", "s2:mean-angle", "\\",
            ]))
    }

    private mutating func string() -> String {
        let pieces = [
            "'", "\\", "a", "n", "%", "_", "\"", "\n", "\t", "\u{7}", "é", "😀", "\u{0}", " ", "(", "2020-01-01", "..",
        ]
        return (0..<number(0..<5)).map { _ in pick(pieces) }.joined()
    }

    private mutating func function(_ depth: Int) -> Operand {
        let name = pick(["f", "Buffer", "my-function", "avg", "point_of", "\"", "é"])
        return .function(name, (0..<number(0..<(depth > 0 ? 4 : 1))).map { _ in any(depth - 1) })
    }

    private mutating func numeric(_ depth: Int) -> Operand {
        switch depth <= 0 ? 0 : number(0..<4) {
        case 0, 1:
            return .number(JSONNumber(pick(["0", "-1", "1.50", "1e5", "-2.5E-3", "123456789012345678901234567890"]))!)
        case 2: return .arithmetic(pick(ArithmeticOperator.allCases), numeric(depth - 1), numeric(depth - 1))
        default: return pick([property(), function(depth - 1)])
        }
    }

    private mutating func character(_ depth: Int) -> Operand {
        switch depth <= 0 ? 0 : number(0..<4) {
        case 0, 1: return pick([.string(string()), property()])
        case 2: return .casei(character(depth - 1))
        default: return .accenti(character(depth - 1))
        }
    }

    private mutating func pattern(_ depth: Int) -> Operand {
        switch depth <= 0 ? 0 : number(0..<4) {
        case 0, 1: return .string(string())
        case 2: return .casei(pattern(depth - 1))
        default: return .accenti(pattern(depth - 1))
        }
    }

    private mutating func instant() -> Operand {
        pick([
            .date(TemporalLiteral(date: "2020-02-29")!),
            .timestamp(TemporalLiteral(timestamp: "2020-01-01T00:00:00.10Z")!),
            .timestamp(TemporalLiteral(timestamp: "2020-01-01 00:00:00+02")!),
        ])
    }

    private mutating func scalar(_ depth: Int) -> Operand {
        switch number(0..<6) {
        case 0: return .bool(pick([true, false]))
        case 1: return instant()
        case 2, 3: return numeric(depth)
        case 4 where depth > 0: return Operand(expression(depth: depth))
        default: return character(depth)
        }
    }

    private mutating func temporal(_ depth: Int) -> Operand {
        let bounds: [IntervalBound] = [
            .open, .date(TemporalLiteral(date: "2020-02-29")!), .computed(property()), .computed(function(depth - 1)),
            .timestamp(TemporalLiteral(timestamp: "2020-01-01T00:00:00Z")!),
        ]
        return pick([
            instant(), property(), function(depth - 1), .interval(pick(bounds), pick(bounds)), .string(string()),
        ])
    }

    private mutating func spatial(_ depth: Int) -> Operand {
        let texts = [
            "POINT (1 2)", "POINT Z (1 2 3)", "LINESTRING (0 0, 1.5 1)", "POLYGON ((0 0, 1 0, 1 1, 0 0))",
            "MULTIPOINT ((1 2), (3 4))", "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, -1 1e-3))",
            "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        ]
        let box = try? BoundingBoxLiteral(["-10.0", "-5", "1e1", "5"].compactMap { JSONNumber($0) })
        let geometry = try? Geometry(wkt: pick(texts))
        return pick([.geometry(geometry!), .boundingBox(box!), property(), function(depth - 1)])
    }

    private mutating func array(_ depth: Int) -> Operand {
        pick([property(), function(depth - 1), .array((0..<number(0..<4)).map { _ in any(depth - 1) })])
    }

    private mutating func any(_ depth: Int) -> Operand {
        switch number(0..<4) {
        case 0: return spatial(depth)
        case 1: return temporal(depth)
        case 2 where depth > 0: return array(depth)
        default: return scalar(depth)
        }
    }
}

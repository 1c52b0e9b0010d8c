import CQL2
import Geo
import JSON
import Temporal
import TestKit

/// Makes CQL2 expressions over the properties of `RandomItem`.
struct RandomFilter {
    static func expression(_ random: inout SeededGenerator, depth: Int = 3) -> Expression {
        switch random.integer(0...9) {
        case 0...1 where depth > 0: return .and(parts(&random, depth))
        case 2...3 where depth > 0: return .or(parts(&random, depth))
        case 4 where depth > 0: return .not(expression(&random, depth: depth - 1))
        default: return random.chance(25) ? .not(predicate(&random)) : predicate(&random)
        }
    }

    private static func parts(_ random: inout SeededGenerator, _ depth: Int) -> [Expression] {
        (0..<random.integer(2...3)).map { _ in expression(&random, depth: depth - 1) }
    }

    private static func predicate(_ random: inout SeededGenerator) -> Expression {
        switch random.integer(0...15) {
        case 0...3: return comparison(&random)
        case 4:
            let bounds = operands(2, &random)
            return .between(
                random.chance(85) ? property(&random) : operand(&random), lower: bounds[0], upper: bounds[1])
        case 5...6:
            let count = random.chance(10) ? random.integer(17...20) : random.integer(random.chance(10) ? 0...0 : 1...3)
            return .in(random.chance(85) ? property(&random) : operand(&random), operands(count, &random))
        case 7: return .isNull(random.chance(70) ? property(&random) : operand(&random))
        case 8...9: return like(&random)
        case 10...11: return spatial(&random)
        case 12...13:
            return .temporal(random.pick(TemporalOperator.allCases), temporal(&random), temporal(&random))
        case 14: return .array(random.pick(ArrayOperator.allCases), array(&random), array(&random))
        default: return .boolean(random.chance(20) ? .bool(random.chance(50)) : property(&random))
        }
    }

    private static func comparison(_ random: inout SeededGenerator) -> Expression {
        let comparison = random.pick(ComparisonOperator.allCases)
        switch random.integer(0...9) {
        case 0...3: return .comparison(comparison, property(&random), literal(&random))
        case 4...5: return .comparison(comparison, literal(&random), property(&random))
        case 6...7: return .comparison(comparison, property(&random), property(&random))
        default: return .comparison(comparison, operand(&random), operand(&random))
        }
    }

    // MARK: Operands

    static func name(_ random: inout SeededGenerator) -> String {
        let others = [
            "id", "collection", "geometry", "datetime", "start_datetime", "end_datetime", "unknown", "a.c", "a.b.",
        ]
        let roots = ["assets.data.href", "bbox", "stac_version", "links", "geometry.type"]
        let name =
            random.chance(75)
            ? random.pick(RandomItem.names) : random.chance(85) ? random.pick(others) : random.pick(roots)
        return random.chance(15) ? "properties." + name : name
    }

    private static func property(_ random: inout SeededGenerator) -> Operand { .property(name(&random)) }

    private static func number(_ random: inout SeededGenerator) -> Operand {
        // All of them are JSON numbers.
        .number(JSONNumber(random.pick(RandomValue.numbers))!)
    }

    private static func time(_ random: inout SeededGenerator) -> Operand {
        // All of the texts are what is asked for.
        switch random.integer(0...3) {
        case 0: .date(TemporalLiteral(date: random.pick(["2020-01-01", "2020-06-15", "2019-12-31"]))!)
        case 1: .string(random.timestampText())
        default: .timestamp(TemporalLiteral(timestamp: random.timestampText())!)
        }
    }

    private static func literal(_ random: inout SeededGenerator) -> Operand {
        switch random.integer(0...9) {
        case 0...3: number(&random)
        case 4...6: .string(random.pick(random.chance(80) ? RandomValue.strings : RandomItem.ids))
        case 7: .bool(random.chance(50))
        default: time(&random)
        }
    }

    /// Of one type, mostly.
    private static func operands(_ count: Int, _ random: inout SeededGenerator) -> [Operand] {
        let type = random.integer(0...4)
        return (0..<count).map { _ in
            switch type {
            case 0: number(&random)
            case 1: .string(random.pick(RandomValue.strings))
            case 2: time(&random)
            case 3: random.chance(70) ? literal(&random) : operand(&random)
            default: .string(random.pick(RandomItem.ids))
            }
        }
    }

    private static func operand(_ random: inout SeededGenerator, depth: Int = 2) -> Operand {
        switch random.integer(0...7) {
        case 0...1: return property(&random)
        case 2: return literal(&random)
        case 3 where depth > 0: return .casei(text(&random))
        case 4 where depth > 0: return .accenti(text(&random))
        case 5 where depth > 0:
            let arithmetic = random.pick([
                ArithmeticOperator.add, .subtract, .multiply, .divide, .modulo, .integerDivide, .power,
            ])
            return .arithmetic(arithmetic, operand(&random, depth: depth - 1), operand(&random, depth: depth - 1))
        case 6 where depth > 0: return Operand(predicate(&random))
        default: return random.chance(50) ? property(&random) : literal(&random)
        }
    }

    private static func text(_ random: inout SeededGenerator) -> Operand {
        random.chance(80) ? property(&random) : .string(random.pick(RandomValue.strings))
    }

    private static func like(_ random: inout SeededGenerator) -> Expression {
        let pattern = Operand.string(random.pick(RandomValue.patterns))
        switch random.integer(0...4) {
        case 0: return .like(.casei(text(&random)), pattern: .casei(pattern))
        case 1: return .like(.accenti(text(&random)), pattern: .accenti(pattern))
        default: return .like(property(&random), pattern: pattern)
        }
    }

    private static func spatial(_ random: inout SeededGenerator) -> Expression {
        var operands: [Operand] = [
            .property(random.chance(80) ? "geometry" : random.chance(70) ? "g" : "properties.geometry")
        ]
        switch random.integer(0...9) {
        case 0: operands.append(.property(random.chance(50) ? "geometry" : "g"))
        case 1...4:
            let box = random.boundingBox()
            // The numbers come from a box.
            operands.append(.boundingBox((try? BoundingBoxLiteral(box.numbers.map { JSONNumber($0)! }))!))
        default: operands.append(.geometry(random.queryGeometry()))
        }
        if random.chance(40) { operands.swapAt(0, 1) }
        return .spatial(random.pick(SpatialPredicate.allCases), operands[0], operands[1])
    }

    private static func temporal(_ random: inout SeededGenerator) -> Operand {
        let times = [
            "datetime", "start_datetime", "end_datetime", "t", "updated", "s", "mixed", "properties.datetime", "n",
        ]
        switch random.integer(0...5) {
        case 0...2: return .property(random.pick(times))
        case 3: return time(&random)
        default:
            var bounds: [IntervalBound] = []
            for _ in 0..<2 {
                switch random.integer(0...3) {
                case 0: bounds.append(.open)
                case 1: bounds.append(.computed(.property(random.pick(times))))
                // All of the texts are timestamps.
                default: bounds.append(.timestamp(TemporalLiteral(timestamp: random.timestampText())!))
                }
            }
            return .interval(bounds[0], bounds[1])
        }
    }

    private static func array(_ random: inout SeededGenerator) -> Operand {
        switch random.integer(0...3) {
        case 0: .property(random.pick(["list", "a", "mixed", "bbox", "t"]))
        case 1: .array([.string("a"), .string("b")])
        case 2: .array(operands(random.integer(0...3), &random))
        default: .property("list")
        }
    }
}

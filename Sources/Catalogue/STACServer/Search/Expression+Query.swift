import CQL2
import JSON

extension Expression {
    /// The conditions of the Query extension's object: `{"eo:cloud_cover": {"lt": 10}}`.
    ///
    /// Source: [STAC API - Query 1.0.0](https://github.com/stac-api-extensions/query).
    static func conditions(ofQuery query: JSONValue) throws(InvalidParameter) -> [Expression] {
        guard let properties = query.object else { throw InvalidParameter("query", "must be an object") }
        var conditions: [Expression] = []
        for property in properties {
            guard let operations = property.value.object else {
                throw InvalidParameter("query", "must have an object of operators under \"\(property.name)\"")
            }
            let operand = Operand.property(withoutPropertiesPrefix(property.name))
            for operation in operations {
                let path = "\"\(property.name)\".\(operation.name)"
                conditions.append(try condition(operand, operation.name, operation.value, path))
            }
        }
        return conditions
    }

    private static func condition(
        _ property: Operand, _ name: String, _ value: JSONValue, _ path: String
    ) throws(InvalidParameter) -> Expression {
        switch name {
        case "eq": return value.isNull ? .isNull(property) : try comparison(.equal, property, value, path)
        case "neq":
            return value.isNull ? .not(.isNull(property)) : try comparison(.notEqual, property, value, path)
        case "lt": return try comparison(.less, property, value, path)
        case "lte": return try comparison(.lessOrEqual, property, value, path)
        case "gt": return try comparison(.greater, property, value, path)
        case "gte": return try comparison(.greaterOrEqual, property, value, path)
        case "startsWith": return .like(property, pattern: .string(try escaped(value, path) + "%"))
        case "endsWith": return .like(property, pattern: .string("%" + (try escaped(value, path))))
        case "contains": return .like(property, pattern: .string("%" + (try escaped(value, path)) + "%"))
        case "in":
            guard let values = value.array else { throw InvalidParameter("query", "must have an array at \(path)") }
            var list: [Operand] = []
            for value in values { list += try scalars(value, path) }
            return .in(property, list)
        default:
            throw InvalidParameter(
                "query",
                "has the unknown operator '\(name)'; there are eq, neq, lt, lte, gt, gte, startsWith, endsWith, "
                    + "contains and in")
        }
    }

    private static func comparison(
        _ comparison: ComparisonOperator, _ property: Operand, _ value: JSONValue, _ path: String
    ) throws(InvalidParameter) -> Expression {
        // Of two types, one is not the property's: its comparison is unknown, and the other one decides.
        let parts = try scalars(value, path).map { Expression.comparison(comparison, property, $0) }
        return parts.count > 1 ? .or(parts) : parts[0]
    }

    /// A value, and its alternative meanings: pystac-client makes of `eo:cloud_cover<5` the string "5".
    private static func scalars(_ value: JSONValue, _ path: String) throws(InvalidParameter) -> [Operand] {
        switch value {
        case .string(let text): [.string(text)] + (JSONNumber(text).map { [.number($0)] } ?? [])
        case .number(let number): [.number(number)]
        case .bool(let value): [.bool(value)]
        default: throw InvalidParameter("query", "must have a string, a number or a Boolean at \(path)")
        }
    }

    /// The string as a LIKE pattern that matches it alone.
    private static func escaped(_ value: JSONValue, _ path: String) throws(InvalidParameter) -> String {
        guard let text = value.string else { throw InvalidParameter("query", "must have a string at \(path)") }
        var pattern = ""
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { pattern.unicodeScalars.append("\\") }
            pattern.unicodeScalars.append(scalar)
        }
        return pattern
    }
}

/// Clients write `properties.eo:cloud_cover` for the filters' `eo:cloud_cover`.
func withoutPropertiesPrefix(_ name: String) -> String {
    name.hasPrefix("properties.") ? String(name.dropFirst("properties.".count)) : name
}

import Geo
import JSON

extension TextParser {
    /// `DATE('…')` or `TIMESTAMP('…')`.
    mutating func instant(_ name: String) throws(CQL2Error) -> Parsed {
        let offset = token.range.lowerBound
        advance()
        advance()
        let isDate = name == "date"
        let example = isDate ? "'2024-05-01'" : "'2024-05-01T00:00:00Z'"
        guard case .string(let text) = token.kind,
            let literal = isDate ? TemporalLiteral(date: text) : TemporalLiteral(timestamp: text)
        else { throw unexpected("a \(name) in quotes, such as \(example)") }
        advance()
        try expect(.sign(")"), "')'")
        return Parsed(operand: isDate ? .date(literal) : .timestamp(literal), levels: 1, offset: offset)
    }

    /// `INTERVAL(start, end)`.
    mutating func interval() throws(CQL2Error) -> Parsed {
        let offset = token.range.lowerBound
        advance()
        advance()
        let (start, startLevels) = try intervalBound()
        try expect(.sign(","), "',' and the end of the interval")
        let (end, endLevels) = try intervalBound()
        try expect(.sign(")"), "')'")
        let levels = 2 + max(startLevels, endLevels)
        try checkLevels(levels, at: offset)
        return Parsed(operand: .interval(start, end), levels: levels, offset: offset)
    }

    private mutating func intervalBound() throws(CQL2Error) -> (IntervalBound, levels: Int) {
        let fault = unexpected(IntervalBound.expectation)
        let parsed = try value(.factor)
        guard let bound = IntervalBound(parsed.operand) else { throw fault }
        return (bound, parsed.levels)
    }

    /// `BBOX(west, south, east, north)`, with elevations or without.
    mutating func boundingBox() throws(CQL2Error) -> Parsed {
        let offset = token.range.lowerBound
        advance()
        advance()
        var numbers: [JSONNumber] = []
        repeat {
            let fault = unexpected("a number")
            guard case .number(let number) = try value(.factor).operand else { throw fault }
            numbers.append(number)
        } while take(.sign(","))
        try expect(.sign(")"), "',' or ')'")
        do {
            return Parsed(operand: .boundingBox(try BoundingBoxLiteral(numbers)), levels: 2, offset: offset)
        } catch {
            throw CQL2Error(.invalidGeometry("\(error)"), at: .character(offset))
        }
    }

    /// Whether the token may stand between a geometry's type and its coordinates.
    func isGeometryTag(_ token: Token) -> Bool {
        guard case .name(let name) = token.kind else { return false }
        return ["z", "m", "zm", "empty"].contains(name.lowercased())
    }

    /// A geometry in WKT, up to the parenthesis that closes its coordinates.
    mutating func geometry() throws(CQL2Error) -> Parsed {
        let start = token.range.lowerBound
        var open = 0
        var deepest = 0
        var end = token.range.upperBound
        repeat {
            advance()
            switch token.kind {
            case .sign("("): open += 1
            case .sign(")"): open -= 1
            case .end: throw unexpected("')' that closes the geometry")
            default: break
            }
            deepest = max(deepest, open)
            try checkLevels(deepest, at: token.range.lowerBound)
            end = token.range.upperBound
        } while open > 0 || isGeometryTag(token) && !isEmptyTag(token)
        advance()
        let geometry: Geometry
        do {
            geometry = try Geometry(wkt: String(text[start..<end]))
        } catch {
            throw CQL2Error(.invalidGeometry("\(error)"), at: .character(start))
        }
        return Parsed(operand: .geometry(geometry), levels: geometry.jsonLevels, offset: start)
    }

    private func isEmptyTag(_ token: Token) -> Bool {
        guard case .name(let name) = token.kind else { return false }
        return name.lowercased() == "empty"
    }
}

extension Geometry {
    /// Nesting depth of its GeoJSON.
    fileprivate var jsonLevels: Int {
        switch self {
        case .point: 2
        case .lineString, .multiPoint: 3
        case .polygon, .multiLineString: 4
        case .multiPolygon: 5
        case .geometryCollection(let parts): 2 + (parts.map(\.jsonLevels).max() ?? 0)
        }
    }
}

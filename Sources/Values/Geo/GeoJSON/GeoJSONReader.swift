/// Reads a GeoJSON geometry object; faults are thrown with the path from the value at hand and get the rest of
/// their path on the way out, so that reading without fault builds no paths.
enum GeoJSONReader<Source: GeoJSONSource> {
    static func geometry(_ source: Source, depth: Int) throws(GeoError) -> Geometry {
        guard source.isObject else { throw GeoError(.expected("a geometry object"), at: .path("")) }
        guard let name = source["type"]?.string else { throw GeoError(.expected("a string"), at: .path("type")) }
        guard let kind = GeometryKind.allCases.first(where: { $0.name == name }) else {
            throw GeoError(.unknownType(name), at: .path("type"))
        }
        guard kind != .geometryCollection else {
            guard depth < Geometry.depthLimit else {
                throw GeoError(.tooDeep(limit: Geometry.depthLimit), at: .path("geometries"))
            }
            return .geometryCollection(
                try inside("geometries") { () throws(GeoError) in
                    try list(source["geometries"]) { part throws(GeoError) in
                        try geometry(part, depth: depth + 1)
                    }
                })
        }
        let coordinates = source["coordinates"]
        return try inside("coordinates") { () throws(GeoError) in
            switch kind {
            case .point: .point(try optionalPosition(coordinates))
            case .lineString: .lineString(try line(coordinates))
            case .polygon: .polygon(try rings(coordinates))
            case .multiPoint: .multiPoint(try list(coordinates, position))
            case .multiLineString: .multiLineString(try list(coordinates, line))
            case .multiPolygon: .multiPolygon(try list(coordinates, rings))
            case .geometryCollection: .geometryCollection([])
            }
        }
    }

    private static func inside<Value>(
        _ name: String, _ body: () throws(GeoError) -> Value
    ) throws(GeoError) -> Value {
        do {
            return try body()
        } catch {
            throw error.inside(name)
        }
    }

    private static func list<Value>(
        _ source: Source?, _ element: (Source) throws(GeoError) -> Value
    ) throws(GeoError) -> [Value] {
        guard let elements = source?.arrayElements else { throw GeoError(.expected("an array"), at: .path("")) }
        var values: [Value] = []
        for part in elements {
            do {
                values.append(try element(part))
            } catch {
                throw error.inside("[\(values.count)]")
            }
        }
        return values
    }

    private static func rings(_ source: Source?) throws(GeoError) -> [[Position]] {
        try list(source) { part throws(GeoError) in
            let ring = try list(part, position)
            if let reason = GeometryRules.fault(ring: ring) { throw GeoError(reason, at: .path("")) }
            return ring
        }
    }

    private static func line(_ source: Source?) throws(GeoError) -> [Position] {
        let line = try list(source, position)
        if let reason = GeometryRules.fault(line: line) { throw GeoError(reason, at: .path("")) }
        return line
    }

    /// An empty array is the empty point (RFC 7946, section 3.1).
    private static func optionalPosition(_ source: Source?) throws(GeoError) -> Position? {
        guard let source, let elements = source.arrayElements else {
            throw GeoError(.expected("an array"), at: .path(""))
        }
        for _ in elements { return try position(source) }
        return nil
    }

    /// Numbers after the third have no meaning and are skipped (RFC 7946, section 3.1.1).
    private static func position(_ source: Source) throws(GeoError) -> Position {
        guard let elements = source.arrayElements else { throw GeoError(.expected("a position"), at: .path("")) }
        var position = Position(0, 0)
        var count = 0
        for element in elements {
            guard let number = element.double else { throw GeoError(.expected("a number"), at: .path("[\(count)]")) }
            switch count {
            case 0: position.x = number
            case 1: position.y = number
            case 2: position.z = number
            default: break
            }
            count += 1
        }
        guard count >= 2 else { throw GeoError(.expected("longitude and latitude"), at: .path("")) }
        if let reason = GeometryRules.fault(x: position.x, y: position.y, z: position.z) {
            throw GeoError(reason, at: .path(""))
        }
        position.y = GeometryRules.clamped(latitude: position.y)
        return position
    }
}

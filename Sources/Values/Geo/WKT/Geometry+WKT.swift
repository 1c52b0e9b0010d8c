extension Geometry {
    /// Reads well-known text: all seven types, in any case, with Z, `EMPTY` and three numbers without a Z.
    ///
    /// - Throws: `GeoError` with the offset of the fault in UTF-8 bytes.
    ///
    /// Source: [OGC 06-103r4, Simple Feature Access, section 7](https://portal.ogc.org/files/?artifact_id=25355).
    public init(wkt: String) throws(GeoError) {
        self = try WKTReader.geometry(wkt)
    }

    /// Well-known text that reads back as the same geometry, with Z when all positions have a height.
    public var wkt: String {
        var text = ""
        writeWKT(to: &text)
        return text
    }

    private func writeWKT(to text: inout String) {
        let hasZ = hasZ
        text += typeName.uppercased()
        if hasZ { text += " Z" }
        func write(_ position: Position) {
            text += "\(wktNumber(position.x)) \(wktNumber(position.y))"
            if hasZ, let z = position.z { text += " \(wktNumber(z))" }
        }
        func list<Part>(_ parts: [Part], _ write: (Part) -> Void) {
            text += "("
            for (index, part) in parts.enumerated() {
                if index > 0 { text += ", " }
                write(part)
            }
            text += ")"
        }
        func line(_ positions: [Position]) { list(positions, write) }
        func lines(_ parts: [[Position]]) { list(parts, line) }
        if case .geometryCollection(let parts) = self, !parts.isEmpty {
            // Empty parts are written too.
        } else if isEmpty {
            text += " EMPTY"
            return
        }
        text += " "
        switch self {
        case .point(let position): list(position.map { [$0] } ?? [], write)
        case .lineString(let positions): line(positions)
        case .polygon(let parts), .multiLineString(let parts): lines(parts)
        case .multiPoint(let positions): list(positions) { line([$0]) }
        case .multiPolygon(let polygons): list(polygons, lines)
        case .geometryCollection(let parts): list(parts) { $0.writeWKT(to: &text) }
        }
    }
}

/// The shortest digits that read back as the same number, without a fraction of zero.
private func wktNumber(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
}

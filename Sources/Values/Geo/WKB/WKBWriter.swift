/// Writes ISO well-known binary, little endian.
struct WKBWriter {
    private(set) var bytes: [UInt8] = []
    /// Adds a Z to every position; a missing one is written as not a number.
    private let hasZ: Bool

    init(hasZ: Bool) {
        self.hasZ = hasZ
    }

    mutating func write(_ geometry: Geometry) {
        header(geometry.kind)
        switch geometry {
        case .point(let position): write(position ?? Position(.nan, .nan, .nan))
        case .lineString(let positions): write(positions)
        case .polygon(let rings): write(rings)
        case .multiPoint(let positions):
            count(positions.count)
            for position in positions {
                header(.point)
                write(position)
            }
        case .multiLineString(let lines):
            count(lines.count)
            for line in lines {
                header(.lineString)
                write(line)
            }
        case .multiPolygon(let polygons):
            count(polygons.count)
            for rings in polygons {
                header(.polygon)
                write(rings)
            }
        case .geometryCollection(let parts):
            count(parts.count)
            for part in parts { write(part) }
        }
    }

    private mutating func write(_ rings: [[Position]]) {
        count(rings.count)
        for ring in rings { write(ring) }
    }

    private mutating func write(_ positions: [Position]) {
        count(positions.count)
        for position in positions { write(position) }
    }

    private mutating func write(_ position: Position) {
        bytes.appendLittleEndian(position.x.bitPattern)
        bytes.appendLittleEndian(position.y.bitPattern)
        if hasZ { bytes.appendLittleEndian((position.z ?? .nan).bitPattern) }
    }

    private mutating func header(_ kind: GeometryKind) {
        bytes.append(1)
        bytes.appendLittleEndian(kind.rawValue + (hasZ ? 1000 : 0))
    }

    private mutating func count(_ count: Int) {
        bytes.appendLittleEndian(UInt32(count))
    }
}

extension [UInt8] {
    @inline(__always)
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

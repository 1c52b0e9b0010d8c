/// A geometry of the Simple Features model over CRS84 positions.
///
/// Geometries from text or bytes have been checked: coordinates are finite, latitudes in ±90 (those up to half a degree
/// beyond have been clamped), rings closed with at least four positions, lines with at least two. A value built from the cases is not checked.
///
/// Source: [RFC 7946, section 3.1](https://www.rfc-editor.org/rfc/rfc7946#section-3.1).
public indirect enum Geometry: Sendable, Hashable {
    /// `nil` is the empty point.
    case point(Position?)
    case lineString([Position])
    /// The outer ring, then the holes; each ring's last position repeats its first.
    case polygon([[Position]])
    case multiPoint([Position])
    case multiLineString([[Position]])
    case multiPolygon([[[Position]]])
    case geometryCollection([Geometry])

    /// Largest accepted nesting depth of collections in input.
    public static let depthLimit = 32

    /// Whether there is no position in it at all.
    public var isEmpty: Bool {
        switch self {
        case .point(let position): position == nil
        case .lineString(let line): line.isEmpty
        case .polygon(let rings): rings.allSatisfy(\.isEmpty)
        case .multiPoint(let points): points.isEmpty
        case .multiLineString(let lines): lines.allSatisfy(\.isEmpty)
        case .multiPolygon(let polygons): polygons.allSatisfy { $0.allSatisfy(\.isEmpty) }
        case .geometryCollection(let parts): parts.allSatisfy(\.isEmpty)
        }
    }

    /// The name of the type as GeoJSON spells it.
    public var typeName: String { kind.name }

    /// Whether every position has a height, which is when WKT and WKB are written with Z. `false` when empty.
    public var hasZ: Bool {
        var isPlain = false
        var isHigh = false
        forEachPosition { position in
            if position.z == nil { isPlain = true } else { isHigh = true }
        }
        return isHigh && !isPlain
    }

    /// Calls `body` with every position, in the order in which they are written.
    public func forEachPosition(_ body: (Position) -> Void) {
        switch self {
        case .point(let position): if let position { body(position) }
        case .lineString(let line), .multiPoint(let line): line.forEach(body)
        case .polygon(let lines), .multiLineString(let lines): for line in lines { line.forEach(body) }
        case .multiPolygon(let polygons): for rings in polygons { for ring in rings { ring.forEach(body) } }
        case .geometryCollection(let parts): for part in parts { part.forEachPosition(body) }
        }
    }
}

/// A query geometry, made ready to be compared with many footprints. One per search and thread.
///
/// Areas are tested by grids and exact edge tests of our own, everything else by GEOS; the results are those of GEOS
/// in either case. A query that is invalid, such as a ring that crosses itself, is repaired first.
public final class PreparedGeometry {
    /// The box around everything; one that nothing intersects for an empty geometry.
    public let envelope: PlanarBox
    /// The boxes of the polygons, lines and points, or of groups of them where they are more than 16; the query lies
    /// in their union.
    public let envelopes: [PlanarBox]
    private let parts: EnvelopeTree

    let geos: GEOSContext
    let shape: GEOSShape
    /// GEOS's own indexes, made when first asked for.
    private(set) lazy var prepared = GEOSPreparedShape(shape)
    /// The geometry's parts, when `isArea`. Accessed in place: copies would cost more than the tests.
    private let rectangles: UnsafeMutableBufferPointer<RectangleArea>
    private let grids: UnsafeMutableBufferPointer<GridArea>
    /// Whether all of it is tested here; otherwise by GEOS.
    private let isArea: Bool

    /// - Parameter geometry: Normalised here.
    /// - Complexity: O(*n* log *n*) in the positions; some 20 µs for a polygon of 20.
    public init(_ geometry: Geometry) {
        geos = GEOSContext()
        var normalized = geometry.normalized()
        var shape = geos.readShape(wkb: normalized.wkb)
        if !normalized.isRectangles, !shape.isValid {
            shape = shape.repaired()
            normalized = (try? Geometry(wkb: shape.wkb)) ?? normalized
        }
        self.shape = shape
        parts = EnvelopeTree(normalized.leafBoxes)
        envelopes = parts.coarse
        envelope =
            envelopes.reduce(nil) { $0?.union($1) ?? $1 }
            ?? PlanarBox(minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)
        let areas = Self.areas(normalized, geos)
        isArea = areas != nil
        rectangles = .copying(areas?.rectangles ?? [])
        grids = .copying(areas?.grids ?? [])
    }

    deinit {
        grids.forEach { $0.deallocate() }
        grids.deallocate()
        rectangles.deallocate()
    }

    /// With more parts than this, one grid over all is faster than one for each.
    private static let partLimit = 4

    private static func areas(
        _ geometry: Geometry, _ geos: GEOSContext
    ) -> (rectangles: [RectangleArea], grids: [GridArea])? {
        let polygons: [[[Position]]]
        switch geometry {
        case .polygon(let rings): polygons = [rings].filter { !$0.isEmpty }
        case .multiPolygon(let parts): polygons = parts.filter { !$0.isEmpty }
        default: return nil
        }
        guard polygons.count <= partLimit else { return GridArea(polygons, geos).map { ([], [$0]) } }
        let rectangles = polygons.compactMap { RectangleArea($0) }
        let others = polygons.filter { RectangleArea($0) == nil }
        let grids = others.compactMap { GridArea([$0], geos) }
        guard grids.count == others.count else {
            grids.forEach { $0.deallocate() }
            return nil
        }
        return (rectangles, grids)
    }

    /// The relation of a box to the geometry. The box may be that of one footprint or of many.
    public func relation(to box: PlanarBox) -> BoxRelation {
        guard isArea else { return parts.intersects(box) ? .undecided : .disjoint }
        var relation = BoxRelation.disjoint
        for index in 0..<rectangles.count {
            switch rectangles[index].relation(to: box) {
            case .covers: return .covers
            case .undecided: relation = .undecided
            case .disjoint: break
            }
        }
        for index in 0..<grids.count {
            switch grids[index].relation(to: box) {
            case .covers: return .covers
            case .undecided: relation = .undecided
            case .disjoint: break
            }
        }
        return relation
    }

    /// Whether a footprint shares a point with the geometry. Exact.
    ///
    /// - Parameters:
    ///   - wkb: As `FootprintEncoder` writes it; other well-known binary is read by GEOS, bytes that are none are
    ///     `false`.
    ///   - box: Holds the footprint; it need not be the smallest that does.
    public func intersects(wkb: UnsafeRawBufferPointer, box: PlanarBox) -> Bool {
        guard isArea, let footprint = WKBFootprint(wkb) else { return isSatisfiedByGEOS(.intersects, wkb: wkb) }
        for index in 0..<rectangles.count where intersects(rectangles[index], footprint, box) { return true }
        for index in 0..<grids.count where intersects(grids[index], footprint, box) { return true }
        return false
    }

    @inline(__always)
    private func intersects(_ area: some QueryArea, _ footprint: WKBFootprint, _ box: PlanarBox) -> Bool {
        guard area.box.intersects(box) else { return false }
        switch footprint {
        case .point(let point):
            return area.contains(point, geos)
        case .polygons(let polygons):
            for polygon in polygons where area.intersects(polygon, box: box, geos) { return true }
            return false
        }
    }
}

extension UnsafeMutableBufferPointer {
    fileprivate static func copying(_ elements: [Element]) -> Self {
        let buffer = Self.allocate(capacity: elements.count)
        _ = buffer.initialize(from: elements)
        return buffer
    }
}

extension Geometry {
    /// The boxes of the polygons, lines and points that it is made of.
    fileprivate var leafBoxes: [PlanarBox] {
        switch self {
        case .multiPolygon(let polygons): polygons.compactMap { PlanarBox(.polygon($0)) }
        case .multiLineString(let lines): lines.compactMap { PlanarBox(.lineString($0)) }
        case .multiPoint(let points): points.compactMap { PlanarBox(.point($0)) }
        case .geometryCollection(let parts): parts.flatMap(\.leafBoxes)
        default: PlanarBox(self).map { [$0] } ?? []
        }
    }

    /// Whether it is a rectangle or two that cannot overlap, which is valid without looking.
    fileprivate var isRectangles: Bool {
        switch self {
        case .polygon(let rings):
            return rings.count == 1 && rings[0].isAxisAlignedRectangle
        case .multiPolygon(let polygons):
            guard polygons.count == 2, let first = PlanarBox(.polygon(polygons[0])),
                let second = PlanarBox(.polygon(polygons[1]))
            else { return false }
            return !first.intersects(second) && polygons.allSatisfy { Geometry.polygon($0).isRectangles }
        default:
            return false
        }
    }
}

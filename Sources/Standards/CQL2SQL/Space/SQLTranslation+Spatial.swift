import CQL2
import Geo

extension SQLTranslation {
    func geometryTerm() throws(SQLTranslationError) -> SQLTerm {
        if let column = layout.geometryColumn {
            return SQLTerm(name: "geometry", geometry: geometry("\(name: column)"), isNull: "\(name: column) IS NULL")
        }
        guard case .document(let document) = layout.properties else { throw .invalidName("geometry") }
        return try json("geometry", at: [["geometry"]], in: "\(name: document)")
    }

    /// A column's content as the database's own geometry.
    func geometry(_ column: SQLFragment) -> SQLFragment {
        switch layout.geometry {
        case .native: column
        case .wkb where dialect == .postgresql: "ST_GeomFromWKB(\(column), \(.integer(Int64(layout.spatialReference))))"
        case .wkb: "ST_GeomFromWKB(\(column))"
        }
    }

    func related(
        _ predicate: SpatialPredicate, _ left: Operand, _ right: Operand, isRequired: Bool
    ) throws(SQLTranslationError) -> SQLFragment {
        let what = "S_\(predicate.rawValue.uppercased())"
        let (leftTerm, rightTerm) = (try term(left), try term(right))
        if !features.contains(.spatial), features.contains(.approximateBoxes), let covering = layout.covering {
            guard predicate == .intersects, isRequired, let box = boxOperand(left, right) else {
                throw unsupported(what, "without spatial, boxes can only decide S_INTERSECTS with a box, not negated")
            }
            return "(\(overlap(covering, [box])))"
        }
        guard dialect != .sqlite else { throw unsupported(what, "SQLite has no geometries") }
        guard features.contains(.spatial) else {
            throw unsupported(what, dialect == .duckdb ? "it needs the extension spatial" : "it needs PostGIS")
        }
        guard let leftShape = try shape(leftTerm, what, predicate),
            let rightShape = try shape(rightTerm, what, predicate)
        else { return constant(nil) }
        let exact: SQLFragment = "\(function(predicate))(\(leftShape), \(rightShape))"
        // Items whose box does not meet the area's are excluded, for every relation but one; the database need not look
        // at their geometries, nor at groups of rows without others.
        guard predicate != .disjoint, let covering = layout.covering, let area = areaOperand(left, right) else {
            return exact
        }
        let boxes = Self.boxes(around: area)
        return boxes.isEmpty ? exact : "(\(overlap(covering, boxes))) AND \(exact)"
    }

    private func function(_ predicate: SpatialPredicate) -> SQLFragment {
        switch predicate {
        case .intersects: "ST_Intersects"
        case .disjoint: "ST_Disjoint"
        case .contains: "ST_Contains"
        case .within: "ST_Within"
        case .equals: "ST_Equals"
        case .touches: "ST_Touches"
        case .crosses: "ST_Crosses"
        case .overlaps: "ST_Overlaps"
        }
    }

    private func shape(
        _ term: SQLTerm, _ what: String, _ predicate: SpatialPredicate
    ) throws(SQLTranslationError) -> SQLFragment? {
        guard let constant = term.constant else {
            if term.isAssumed { throw .typeNeeded(property: term.name) }
            return term.geometry
        }
        guard case .geometry(let geometry) = constant else { return nil }
        let area = geometry.normalized()
        guard area.isValid else { throw .invalidGeometry }
        if case .geometryCollection = area, predicate != .intersects, predicate != .disjoint {
            throw unsupported(what, "collections of geometries have no such relation")
        }
        let text = SQLFragment(.text(area.wkt))
        return dialect == .postgresql
            ? "ST_GeomFromText(\(text), \(.integer(Int64(layout.spatialReference))))" : "ST_GeomFromText(\(text))"
    }

    // MARK: Boxes

    /// The literal against which the Item's geometry stands.
    private func areaOperand(_ left: Operand, _ right: Operand) -> Geometry? {
        func isGeometry(_ operand: Operand) -> Bool {
            if case .property(let name) = operand { name == "geometry" || name == "properties.geometry" } else { false }
        }
        let other = isGeometry(left) ? right : isGeometry(right) ? left : nil
        switch other {
        case .geometry(let geometry)?: return geometry.normalized()
        case .boundingBox(let literal)?: return Geometry(literal.box).normalized()
        default: return nil
        }
    }

    private func boxOperand(_ left: Operand, _ right: Operand) -> LongitudeBox? {
        guard let area = areaOperand(left, right) else { return nil }
        for case .boundingBox(let literal) in [left, right] {
            return LongitudeBox(literal.box.west, literal.box.south, literal.box.east, literal.box.north)
        }
        // A rectangle drawn as a polygon.
        guard case .polygon = area, let box = PlanarBox(area), area.satisfies(.equals, Geometry(box)) else {
            return nil
        }
        return LongitudeBox(box.minX, box.minY, box.maxX, box.maxY)
    }

    /// Around a normalised geometry: one box, which may cross the antimeridian; none for an empty geometry.
    private static func boxes(around area: Geometry) -> [LongitudeBox] {
        guard let box = PlanarBox(area), let longitudes = LongitudeRange(area) else { return [] }
        return [LongitudeBox(longitudes.west, box.minY, longitudes.east, box.maxY)]
    }

    /// Whether an Item's box meets one of the given boxes.
    private func overlap(_ covering: SQLLayout.Covering, _ boxes: [LongitudeBox]) -> SQLFragment {
        func side(_ name: String) -> SQLFragment { "\(name: covering.column).\(name: name)" }
        let parts = boxes.map { box -> SQLFragment in
            let startsBefore: SQLFragment = "\(side("xmin")) <= \(number(box.east))"
            let endsBehind: SQLFragment = "\(side("xmax")) >= \(number(box.west))"
            let longitudes: SQLFragment
            switch (box.west > box.east, covering.mayCross) {
            case (false, false): longitudes = "\(startsBefore) AND \(endsBehind)"
            case (false, true):
                longitudes = """
                    (CASE WHEN \(side("xmin")) <= \(side("xmax")) THEN \(startsBefore) AND \(endsBehind) \
                    ELSE \(startsBefore) OR \(endsBehind) END)
                    """
            case (true, false): longitudes = "(\(startsBefore) OR \(endsBehind))"
            case (true, true):
                longitudes = "(\(startsBefore) OR \(endsBehind) OR \(side("xmin")) > \(side("xmax")))"
            }
            let (south, north) = (number(box.south), number(box.north))
            return "\(side("ymin")) <= \(north) AND \(side("ymax")) >= \(south) AND \(longitudes)"
        }
        return SQLFragment(joining: parts.map { parts.count > 1 ? "(\($0))" : $0 }, by: " OR ")
    }
}

/// A box whose west may be greater than its east.
private struct LongitudeBox {
    let west, south, east, north: Double

    init(_ west: Double, _ south: Double, _ east: Double, _ north: Double) {
        (self.west, self.south, self.east, self.north) = (west, south, east, north)
    }
}

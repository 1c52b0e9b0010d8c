import Geo
import ItemFilter
import Parquet
import Temporal

/// Column metadata of some rows: of a row group, or a page.
typealias LeafBounds = (SchemaLeaf) throws(ParquetError) -> ValueBounds?

extension ColumnTest {
    /// Whether some row may match, by the bounds of the columns; `true` where there are none.
    func mayPass(_ bounds: LeafBounds) throws(ParquetError) -> Bool {
        switch self {
        case .never: return false
        case .ranges(let leaf, let kind, let ranges):
            guard let known = try bounds(leaf) else { return true }
            return !known.isAllNull && ranges.mayHold(known, kind)
        case .texts(let leaf, let texts):
            guard let known = try bounds(leaf) else { return true }
            if known.isAllNull { return false }
            guard case .bytes(let low) = known.minimum, case .bytes(let high) = known.maximum else { return true }
            return texts.contains { !$0.lexicographicallyPrecedes(low) && !high.lexicographicallyPrecedes($0) }
        case .box(let columns, let areas):
            guard let box = try BoxBounds(columns, bounds) else { return true }
            return areas.contains { box.mayMeet($0) }
        case .times(let columns, let interval): return try Self.mayMeet(interval, columns, bounds)
        }
    }

    /// The first instant is a start or a datetime, and so no earlier than the earliest of both; the last one likewise.
    private static func mayMeet(
        _ interval: DateTimeInterval, _ columns: TimeColumns, _ bounds: LeafBounds
    ) throws(ParquetError) -> Bool {
        var first: Int64 = .max
        var last: Int64 = .min
        for (leaf, isStart) in [(columns.datetime, true), (columns.start, true), (columns.end, false)] {
            guard let leaf, let unit = leaf.timestampUnitsPerSecond else { continue }
            guard let known = try bounds(leaf) else { return true }
            if known.isAllNull { continue }
            guard case .integer(let low) = known.minimum, case .integer(let high) = known.maximum else { return true }
            if isStart { first = min(first, microseconds(low, unitsPerSecond: unit)) }
            last = max(last, microseconds(high, unitsPerSecond: unit))
        }
        if let end = interval.end?.microseconds, first > end { return false }
        if let start = interval.start?.microseconds, last < start { return false }
        return first != .max || last != .min
    }
}

extension ValueRanges {
    /// Whether a value within the bounds may match.
    fileprivate func mayHold(_ bounds: ValueBounds, _ kind: ColumnTest.RangeKind) -> Bool {
        if isComplement { return true }
        switch (kind, bounds.minimum, bounds.maximum) {
        case (.numbers, .double(let low), .double(let high)):
            return numbers?.contains { $0.lowerBound <= high && low <= $0.upperBound } ?? true
        case (.numbers, .integer(let low), .integer(let high)):
            return numbers?.contains { $0.lowerBound <= Double(high) && Double(low) <= $0.upperBound } ?? true
        case (.timestamps(let unit), .integer(let low), .integer(let high)):
            let low = microseconds(low, unitsPerSecond: unit)
            let high = microseconds(high, unitsPerSecond: unit)
            return timestamps?.contains { $0.lowerBound <= high && low <= $0.upperBound } ?? true
        case (.strings, .bytes(let low), .bytes(let high)):
            return strings?.contains { range in
                // Bounds may be truncated, but are still bounds.
                (range.upper.map { !Array($0.utf8).lexicographicallyPrecedes(low) } ?? true)
                    && (range.lower.map { !high.lexicographicallyPrecedes(Array($0.utf8)) } ?? true)
            } ?? true
        default: return true
        }
    }

    /// The matching texts, if they are single values.
    var singleTexts: [[UInt8]]? {
        guard !isComplement, let strings else { return nil }
        let texts = strings.compactMap { range in
            range.lower == range.upper && range.includesLower && range.includesUpper
                ? range.lower.map { Array($0.utf8) } : nil
        }
        return texts.count == strings.count ? texts : nil
    }
}

/// Bounds of the four sides of boxes.
struct BoxBounds {
    let west, south, east, north: ClosedRange<Double>
    /// Whether boxes across the antimeridian may be half the Earth wide or more.
    let mayBeWide: Bool

    /// Tolerance for boxes that were rounded when written, also by hand; degrees.
    static let margin = 0.001

    init(
        west: ClosedRange<Double>, south: ClosedRange<Double>, east: ClosedRange<Double>, north: ClosedRange<Double>,
        mayBeWide: Bool = false
    ) {
        self.mayBeWide = mayBeWide
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }

    /// - Returns: `nil` when a side is unknown, or a row has no box: only its geometry gives its location.
    init?(_ columns: BoxColumns, _ bounds: LeafBounds) throws(ParquetError) {
        var sides: [ClosedRange<Double>] = []
        for leaf in columns.leaves {
            guard let known = try bounds(leaf), known.nullCount ?? 0 == 0 else { return nil }
            guard case .double(let low) = known.minimum, case .double(let high) = known.maximum, low <= high else {
                return nil
            }
            sides.append(low...high)
        }
        self.init(west: sides[0], south: sides[1], east: sides[2], north: sides[3], mayBeWide: columns.mayBeWide)
    }

    /// Whether some box may intersect an area that does not cross the antimeridian.
    ///
    /// A box with west ≤ east intersects it only if west ≤ area's east and east ≥ area's west: if all boxes are beyond
    /// it on one side, none does. A box across the antimeridian has west > east and intersects the area if one of the
    /// two holds. Its western part goes from `west` to 180, and its eastern part from -180 to `east`. Such a box is
    /// mostly less than half the Earth wide (see `mayBeWide`), so that its west exceeds its east by more than 180, is
    /// above 0 itself, and its east is below 0. If the bounds exclude that, no box crosses; else both sides must be out
    /// of reach.
    func mayMeet(_ area: PlanarBox) -> Bool {
        // Latitudes beyond the poles count as the poles'.
        if min(south.lowerBound, 90) > area.maxY + Self.margin { return false }
        if max(north.upperBound, -90) < area.minY - Self.margin { return false }
        // Boxes beyond ±180 reach places that the bounds do not show.
        if west.lowerBound < -180 || west.upperBound > 180 || east.lowerBound < -180 || east.upperBound > 180 {
            return true
        }
        let isTooFarEast = west.lowerBound > area.maxX + Self.margin
        let isTooFarWest = east.upperBound < area.minX - Self.margin
        if isTooFarEast && isTooFarWest { return false }
        guard isTooFarEast || isTooFarWest else { return true }
        let mayCross = west.upperBound - east.lowerBound > (mayBeWide ? 0 : 180)
        return mayCross
    }

    /// Whether a box intersects an area, also one across the antimeridian of any width.
    static func meets(_ west: Double, _ south: Double, _ east: Double, _ north: Double, _ area: PlanarBox) -> Bool {
        guard min(south, 90) <= area.maxY + margin, max(north, -90) >= area.minY - margin else { return false }
        if abs(west) > 180 || abs(east) > 180 {
            // Latitudes do not matter any more.
            guard let box = try? BoundingBox(west: west, south: 0, east: east, north: 0) else { return true }
            return meets(box.west, south, box.east, north, area)
        }
        let reachesFromWest = west <= area.maxX + margin
        let reachesFromEast = east >= area.minX - margin
        return west <= east ? reachesFromWest && reachesFromEast : reachesFromWest || reachesFromEast
    }
}

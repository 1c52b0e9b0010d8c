import Geo
import GeoParquet
import ItemFilter
import JSON
import Parquet
import STACAPI
import STACGeoParquet
import Temporal

/// A file that may contain matching Items, opened for the columns that decide.
struct SearchedFile: Sendable {
    let path: String
    let file: ParquetFile
    let plan: FilePlan
    /// Values that are in the path instead of a column.
    let partitions: HivePartitions

    /// - Parameter isOrdered: Whether matches are to be sorted.
    /// - Returns: `nil` when the file's metadata excludes any match.
    /// - Throws: `ItemFileSearchError`.
    init?(
        path: String, source: some ByteSource, _ conditions: SearchConditions, envelopes: [[PlanarBox]],
        isOrdered: Bool
    ) throws(ItemFileSearchError) {
        do {
            if conditions.mayPrune, try !conditions.mayMatch(ParquetFile.head(of: source), envelopes) { return nil }
            var names: Set<String> = ["id", "geometry", "bbox", "properties", ItemShape.overflowName]
            for condition in conditions.conditions { names.formUnion(condition.fieldNames) }
            if isOrdered { names.formUnion(conditions.orderNames) }
            var file = try ParquetFile(source) { schema in
                Set(schema.leaves.lazy.filter { names.contains($0.path[0]) }.map(\.index))
            }
            if file.metadata.value(forKey: ColumnMetadata.key) == nil, file.hasOtherGeometryColumn {
                file = try ParquetFile(source)
            }
            self.path = path
            self.file = file
            partitions = HivePartitions(path: path)
            plan = FilePlan(file, conditions, partitions, envelopes: envelopes)
            // Before columns decide that nothing matches.
            _ = try ItemFileReader(file: file, names: [], partitions: partitions)
        } catch {
            throw ItemFileSearchError(path: path, reason: "\(error)")
        }
    }
}

extension ParquetFile {
    /// Whether geometries or their boxes are in columns of other names than an Item's.
    fileprivate var hasOtherGeometryColumn: Bool {
        guard
            let geo = metadata.value(forKey: GeoMetadata.key).flatMap({ try? JSONValue(parsing: $0) })
                .flatMap({ GeoMetadata($0) })
        else { return false }
        let covering = geo.columns[geo.primaryColumn]?.covering?["xmin"]?.first ?? "bbox"
        return geo.primaryColumn != "geometry" || covering != "bbox"
    }
}

extension SearchConditions {
    /// Whether a file's metadata may exclude matches.
    fileprivate var mayPrune: Bool {
        conditions.contains { condition in
            switch condition {
            case .area, .datetime: true
            case .ranges(let property, let ranges, _): property == "datetime" && ranges.timestamps != nil
            default: false
            }
        }
    }

    private static let intervalNames: Set<String> = ["start_datetime", "end_datetime", ItemShape.overflowName]

    /// Whether a file of this library may contain matching Items, by the times and the box of all.
    ///
    /// The times are the Items' sort times: their `datetime` where they have one. The box is that of west and east as
    /// numbers: see `BoxBounds.mayMeet` for the cases that it leaves undecided.
    fileprivate func mayMatch(_ head: FileMetadata.Head, _ envelopes: [[PlanarBox]]) -> Bool {
        guard
            let notes = head.value(forKey: ColumnMetadata.key).flatMap({ try? JSONValue(parsing: $0) })
                .flatMap({ ColumnMetadata($0) })
        else { return true }
        return conditions.allSatisfy { condition in
            switch condition {
            case .ranges("datetime", let ranges, _):
                guard let times = notes.itemTimes, let wanted = ranges.timestamps, !ranges.isComplement else {
                    return true
                }
                return wanted.contains { $0.overlaps(times) }
            case .datetime(let interval):
                // Without columns for them, and for null values, no Item has a start or an end of its own.
                guard let times = notes.itemTimes, let schema = head.schema,
                    !schema.children.contains(where: { Self.intervalNames.contains($0.name) })
                else { return true }
                return (interval.start?.microseconds ?? .min) <= times.upperBound
                    && (interval.end?.microseconds ?? .max) >= times.lowerBound
            case .area(let place):
                guard let box = notes.box else { return true }
                return envelopes[place].contains { FileBox(box).mayMeet($0) }
            default: return true
            }
        }
    }
}

/// The minimum west and south, and the maximum east and north of a file's boxes.
private struct FileBox {
    let west, south, east, north: Double

    init(_ numbers: [Double]) {
        (west, south, east, north) = (numbers[0], numbers[1], numbers[2], numbers[3])
    }

    /// A box across the antimeridian, less than half the Earth wide, begins above 0 and ends below 0: its eastern part
    /// does not intersect an area wholly above 0, nor its western part one wholly below.
    func mayMeet(_ area: PlanarBox) -> Bool {
        let margin = BoxBounds.margin
        if min(south, 90) > area.maxY + margin || max(north, -90) < area.minY - margin { return false }
        // Boxes beyond ±180 reach places that this one does not show.
        if west < -180 || east > 180 { return true }
        let isTooFarEast = west > area.maxX + margin
        let isTooFarWest = east < area.minX - margin
        if isTooFarEast && isTooFarWest { return false }
        if isTooFarEast { return area.minX < margin }
        if isTooFarWest { return area.maxX > -margin }
        return true
    }
}

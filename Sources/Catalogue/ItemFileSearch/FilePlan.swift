import Geo
import GeoParquet
import ItemFilter
import JSON
import Parquet
import STACAPI
import STACGeoParquet

/// The plan for one file: which conditions are evaluated on columns, and which on the Items' texts.
struct FilePlan: Sendable {
    /// Rows must match all of them.
    let tests: [ColumnTest]
    /// Conditions evaluated on the texts of rows that match the columns.
    let textConditions: [SearchCondition]
    /// Top-level fields of the file that the texts need.
    let textNames: Set<String>
    /// Overflow column of members that have no column; rows with a value in it are evaluated as whole Items.
    let remainder: SchemaLeaf?
    let id: SchemaLeaf?

    /// - Parameter envelopes: Of the parts of each of the request's areas.
    init(
        _ file: ParquetFile, _ conditions: SearchConditions, _ partitions: HivePartitions, envelopes: [[PlanarBox]]
    ) {
        let columns = FileColumns(file, partitions)
        var tests: [ColumnTest] = []
        var others: [SearchCondition] = []
        for condition in conditions.conditions {
            let (test, isExact) = columns.test(condition, envelopes)
            if let test { tests.append(test) }
            if !isExact { others.append(condition) }
        }
        // Order: cheapest and most selective first.
        self.tests = tests.sorted { $0.cost < $1.cost }
        textConditions = others
        var names = others.reduce(into: Set<String>()) { $0.formUnion($1.fieldNames) }
        // Files from before version 1 of the specification have properties as a structure.
        if columns.hasNestedProperties { names.insert("properties") }
        textNames = names
        remainder = columns.remainder
        id = columns.leaf("id")
    }
}

extension ColumnTest {
    fileprivate var cost: Int {
        switch self {
        case .never: 0
        case .texts: 1
        case .ranges(_, .timestamps, _): 2
        case .times: 3
        case .box: 4
        case .ranges(_, .numbers, _): 5
        case .ranges(_, .strings, _): 6
        }
    }
}

/// The value type of a file's column.
private struct FileColumns {
    private let schema: FileSchema
    private let geo: GeoMetadata?
    private let isOurs: Bool
    private let jsonColumns: Set<String>
    private let hasWideBoxes: Bool
    let hasNestedProperties: Bool
    private let partitions: HivePartitions

    init(_ file: ParquetFile, _ partitions: HivePartitions) {
        self.partitions = partitions
        schema = file.schema
        func json(_ key: String) -> JSONValue? {
            file.metadata.value(forKey: key).flatMap { try? JSONValue(parsing: $0) }
        }
        geo = json(GeoMetadata.key).flatMap { GeoMetadata($0) }
        let notes = json(ColumnMetadata.key).flatMap { ColumnMetadata($0) }
        isOurs = notes != nil
        jsonColumns = notes?.jsonFields ?? []
        hasWideBoxes = notes?.hasWideBoxes ?? false
        hasNestedProperties = notes == nil && file.schema.children.contains { $0.name == "properties" }
    }

    func leaf(_ name: String) -> SchemaLeaf? {
        schema.leaf(at: [name]).flatMap { $0.isPlain ? $0 : nil }
    }

    var remainder: SchemaLeaf? { isOurs ? leaf(ItemShape.overflowName) : nil }

    /// - Returns: The column test, if any, and whether it decides alone.
    func test(_ condition: SearchCondition, _ envelopes: [[PlanarBox]]) -> (test: ColumnTest?, isExact: Bool) {
        switch condition {
        case .ranges(let property, let ranges, _):
            let test = test(property, ranges)
            return (test, test != nil)
        case .area(let place): return (boxes.map { .box($0, envelopes[place]) }, false)
        case .datetime(let interval):
            let test = times.map { ColumnTest.times($0, interval) }
            return (test, test != nil)
        case .ids(let ids):
            guard let leaf = leaf("id"), leaf.isText else { return (nil, false) }
            return (.texts(leaf, ids), true)
        case .collections(let ids):
            guard let leaf = leaf("collection"), leaf.isText else { return (nil, false) }
            return (.texts(leaf, ids), true)
        case .elevation, .expression: return (nil, false)
        }
    }

    private func test(_ property: String, _ ranges: ValueRanges) -> ColumnTest? {
        let isOwn = property == "id" || property == "collection"
        guard isOwn || PropertyName.isPlain(property), !hasNestedProperties, geo?.columns[property] == nil else {
            return nil
        }
        guard schema.children.contains(where: { $0.name == property }) else {
            // A literal with a plain order is compared: null is not less, not equal, not unequal.
            return isOurs ? .never : nil
        }
        guard let leaf = leaf(property), !jsonColumns.contains(property) else { return nil }
        if leaf.isNumber { return ranges.numbers == nil ? .never : .ranges(leaf, .numbers, ranges) }
        if let unit = leaf.timestampUnitsPerSecond, ranges.timestamps != nil {
            return .ranges(leaf, .timestamps(unitsPerSecond: unit), ranges)
        }
        if leaf.isText, ranges.strings != nil {
            if let texts = ranges.singleTexts { return .texts(leaf, Set(texts)) }
            return .ranges(leaf, .strings, ranges)
        }
        return nil
    }

    private var boxes: BoxColumns? {
        let primary = geo?.primaryColumn ?? "geometry"
        func side(_ name: String) -> SchemaLeaf? {
            let path = (isOurs ? nil : geo?.columns[primary]?.covering?[name]) ?? ["bbox", name]
            guard let leaf = schema.leaf(at: path), leaf.maxRepetitionLevel == 0,
                leaf.physicalType == .double || leaf.physicalType == .float
            else { return nil }
            return leaf
        }
        guard let west = side("xmin"), let south = side("ymin"), let east = side("xmax"), let north = side("ymax")
        else {
            return nil
        }
        return BoxColumns(west: west, south: south, east: east, north: north, mayBeWide: hasWideBoxes)
    }

    /// `nil` when a time is not stored as an instant.
    private var times: TimeColumns? {
        guard !hasNestedProperties, isOurs || partitions.values["datetime"] == nil else { return nil }
        var leaves: [SchemaLeaf?] = []
        for name in ["datetime", "start_datetime", "end_datetime"] {
            if schema.children.contains(where: { $0.name == name }) {
                guard let leaf = leaf(name), leaf.timestampUnitsPerSecond != nil else { return nil }
                leaves.append(leaf)
            } else {
                leaves.append(nil)
            }
        }
        return TimeColumns(datetime: leaves[0], start: leaves[1], end: leaves[2])
    }
}

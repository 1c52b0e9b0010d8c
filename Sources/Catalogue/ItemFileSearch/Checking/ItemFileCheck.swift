import Geo
import GeoParquet
import JSON
public import Parquet
import STAC
import STACGeoParquet

/// Checks a file of Items: that all of it is readable, that its metadata is correct, and that the Items are valid.
public struct ItemFileCheck {
    private let file: ParquetFile
    /// Maximum number of faults reported per kind of location: damage comes in thousands.
    private let limit: Int
    private var faults: [String] = []

    /// - Throws: `ParquetError` when the footer cannot be read.
    public init(_ source: some ByteSource, limit: Int = 100) throws(ParquetError) {
        file = try ParquetFile(source)
        self.limit = limit
    }

    /// - Returns: One sentence per fault; empty if there are none.
    public mutating func run() -> [String] {
        checkCounts()
        checkColumns()
        faults += GeoMetadataCheck(file).faults()
        checkRequiredFields()
        checkItems()
        return faults
    }

    private mutating func report(_ fault: String) {
        if faults.count < limit { faults.append(fault) }
    }

    private mutating func checkCounts() {
        let total = file.rowGroups.reduce(0) { $0 + max(0, $1.rowCount) }
        if total != file.metadata.rowCount {
            report("the footer says \(file.metadata.rowCount) rows, its row groups \(total)")
        }
    }

    // MARK: Columns

    private mutating func checkColumns() {
        for rowGroup in file.rowGroups.indices {
            for leaf in file.schema.leaves {
                guard faults.count < limit else { return }
                do {
                    try check(leaf, rowGroup)
                } catch {
                    report("\(error)")
                }
            }
        }
    }

    private mutating func check(_ leaf: SchemaLeaf, _ rowGroup: Int) throws {
        let place = "row group \(rowGroup), column \(leaf.path.joined(separator: "."))"
        let column = try file.readColumn(leaf, rowGroup: rowGroup, keepsDictionary: true)
        if let bounds = try file.bounds(leaf, rowGroup: rowGroup) {
            let extremes = ColumnExtremes(column.values, like: bounds.minimum)
            if let fault = extremes.fault(of: bounds) { report("\(place): \(fault)") }
            let nullCount = column.levelCount - column.values.count
            if let stated = bounds.nullCount, stated != nullCount, leaf.maxRepetitionLevel == 0 {
                report("\(place): \(nullCount) nulls, \(stated) are stated")
            }
        }
        if let filter = try file.bloomFilter(leaf, rowGroup: rowGroup), column.values.isMissing(in: filter) {
            report("\(place): a value is not in the Bloom filter")
        }
        try checkPages(leaf, rowGroup, place)
    }

    private mutating func checkPages(_ leaf: SchemaLeaf, _ rowGroup: Int, _ place: String) throws {
        guard let index = try file.offsetIndex(leaf, rowGroup: rowGroup) else { return }
        let firsts = index.pageLocations.map(\.firstRow) + [file.rowGroups[rowGroup].rowCount]
        let bounds = try file.pageBounds(leaf, rowGroup: rowGroup)
        if let bounds, bounds.count != index.pageLocations.count {
            return report("\(place): bounds of \(bounds.count) pages, places of \(index.pageLocations.count)")
        }
        for page in index.pageLocations.indices where firsts[page] < firsts[page + 1] {
            let column = try file.readColumn(
                leaf, rowGroup: rowGroup, rows: [firsts[page]..<firsts[page + 1]], keepsDictionary: true)
            guard let bounds = bounds?[page] else { continue }
            if let fault = ColumnExtremes(column.values, like: bounds.minimum).fault(of: bounds) {
                report("\(place), page \(page): \(fault)")
            }
        }
    }

    // MARK: Items

    /// Source: [stac-geoparquet 1.1.0](
    /// https://github.com/stac-utils/stac-geoparquet/blob/main/spec/stac-geoparquet-spec.md).
    private mutating func checkRequiredFields() {
        let names = Set(file.schema.children.map(\.name))
        for name in ["type", "stac_version", "id", "geometry", "bbox", "links", "assets", "datetime"]
        where !names.contains(name) {
            report("there is no column \(name)")
        }
    }

    private mutating func checkItems() {
        do {
            let reader = try ItemFileReader(file: file)
            let json = JSONReader()
            var found: [String] = []
            while found.count + faults.count < limit,
                try reader.next({ row, item in
                    switch item {
                    case .success(let text): found += Self.faults(of: text, row, json)
                    case .failure(let error): found.append("\(error)")
                    }
                })
            {}
            for fault in found { report(fault) }
        } catch {
            report("\(error)")
        }
    }

    private static func faults(of text: UnsafeRawBufferPointer, _ row: Int, _ json: JSONReader) -> [String] {
        do {
            return try json.read(text) { item in
                if let issue = ItemValidator().firstIssue(in: item) { return ["row \(row + 1): \(issue)"] }
                return BoxCheck.fault(of: item).map { ["row \(row + 1): \($0)"] } ?? []
            }
        } catch {
            return ["row \(row + 1): \(error)"]
        }
    }
}

/// Whether an Item's box is that of its geometry: searches skip Items by their boxes.
enum BoxCheck {
    static func fault(of item: JSONElement) -> String? {
        guard let geometry = item.member("geometry"), !geometry.isNull else { return nil }
        var wkb: [UInt8] = []
        do {
            guard let own = try FootprintEncoder.appendWKB(geoJSON: geometry, bbox: item.member("bbox"), to: &wkb)
            else { return nil }
            let numbers = item.member("bbox")?.elements.compactMap(\.double) ?? []
            guard !numbers.isEmpty else { return "bbox is missing" }
            let box = try BoundingBox(numbers)
            let margin = BoxBounds.margin
            let isInside =
                box.crossesAntimeridian
                || (box.west <= own.minX + margin && box.east >= own.maxX - margin)
            guard isInside, box.south <= own.minY + margin, box.north >= own.maxY - margin else {
                return "bbox does not hold the geometry"
            }
            return nil
        } catch {
            return "geometry or bbox: \(error)"
        }
    }
}

extension ColumnValues.Storage {
    /// Whether some value is missing in the Bloom filter.
    fileprivate func isMissing(in filter: BloomFilter) -> Bool {
        switch self {
        case .byteArrays(let values):
            (0..<values.count).contains { !filter.mayContain(hash: BloomFilter.hash(Array(values[$0]))) }
        case .dictionaryByteArrays(let indices, let dictionary):
            Set(indices).contains { !filter.mayContain(hash: BloomFilter.hash(Array(dictionary[Int($0)]))) }
        case .int32(let values): values.contains { !filter.mayContain($0) }
        case .int64(let values): values.contains { !filter.mayContain($0) }
        case .double(let values): values.contains { !filter.mayContain($0) }
        case .booleans, .float, .fixedLengthByteArrays: false
        }
    }
}

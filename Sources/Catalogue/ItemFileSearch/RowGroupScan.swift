import ItemFilter
import JSON
import Parquet
import STACAPI
import STACGeoParquet

/// An Item that matches.
struct ItemMatch: Sendable {
    /// Its index among the opened files.
    let file: Int
    let rowGroup: Int
    let row: Int
    /// Values of the sort keys; empty without an order.
    let values: [SortValue]
}

/// Finds the matching rows of a row group: by bounds of the row group, of its pages, then columns, then Items.
struct RowGroupScan {
    let searched: SearchedFile
    let place: Int
    let rowGroup: Int
    let conditions: SearchConditions
    let isOrdered: Bool
    let statistics: StatisticsCounter

    private var file: ParquetFile { searched.file }
    private var plan: FilePlan { searched.plan }

    /// - Throws: `ParquetError`, `ItemFileError`, `CQL2Error`.
    func matches() throws -> [ItemMatch] {
        let rowCount = file.rowGroups[rowGroup].rowCount
        guard rowCount > 0 else { return [] }
        // The columns of such rows are incomplete: bounds and tests do not apply to them.
        let irregular = try irregularRows(rowCount)
        var rows = try candidates(rowCount).subtracting(irregular)
        guard !rows.isEmpty || !irregular.isEmpty else { return [] }
        statistics.add { statistics in
            statistics.readRowGroupCount += 1
            statistics.rowCount += rowCount
            statistics.candidateRowCount += (rows + irregular).rowCount
        }
        for test in plan.tests where !rows.isEmpty {
            rows = try test.passing(rows, rowGroup: rowGroup, file)
        }
        var found = try decide(rows, plan.textConditions, names: plan.textNames)
        if !irregular.isEmpty {
            found += try decide(irregular, conditions.conditions, names: nil)
            found.sort { $0.row < $1.row }
        }
        return found
    }

    /// Rows with a value in the overflow column.
    private func irregularRows(_ rowCount: Int) throws(ParquetError) -> [Range<Int>] {
        guard let remainder = plan.remainder else { return [] }
        if try file.bounds(remainder, rowGroup: rowGroup)?.isAllNull == true { return [] }
        let column = try file.readColumn(remainder, rowGroup: rowGroup)
        guard let levels = column.definitionLevels else { return [0..<rowCount] }
        return levels.indices.filter { levels[$0] == UInt8(remainder.maxDefinitionLevel) }.map { $0..<$0 + 1 }
    }

    // MARK: Bounds

    private func candidates(_ rowCount: Int) throws(ParquetError) -> [Range<Int>] {
        for test in plan.tests {
            guard try test.mayPass({ leaf throws(ParquetError) in try file.bounds(leaf, rowGroup: rowGroup) }) else {
                return []
            }
        }
        for case .texts(let leaf, let texts) in plan.tests {
            guard let filter = try file.bloomFilter(leaf, rowGroup: rowGroup) else { continue }
            if !texts.contains(where: { filter.mayContain(hash: BloomFilter.hash($0)) }) { return [] }
        }
        var rows = [0..<rowCount]
        for test in plan.tests where !rows.isEmpty { rows = try pages(test, rows, rowCount) }
        return rows
    }

    /// The rows among some whose pages may match.
    private func pages(_ test: ColumnTest, _ rows: [Range<Int>], _ rowCount: Int) throws(ParquetError) -> [Range<Int>] {
        var leaves: [(bounds: [ValueBounds], rows: [Range<Int>])] = []
        for leaf in test.leaves {
            guard let bounds = try file.pageBounds(leaf, rowGroup: rowGroup),
                let index = try file.offsetIndex(leaf, rowGroup: rowGroup), index.pageLocations.count == bounds.count
            else { return rows }
            let firsts = index.pageLocations.map(\.firstRow) + [rowCount]
            guard zip(firsts, firsts.dropFirst()).allSatisfy({ $0 <= $1 }) else { return rows }
            leaves.append((bounds, zip(firsts, firsts.dropFirst()).map { $0..<$1 }))
        }
        guard let first = leaves.first else { return rows }
        // Pages of several columns are only combined where all of them begin and end with the same rows.
        guard leaves.allSatisfy({ $0.rows == first.rows }) else { return rows }
        var kept: [Range<Int>] = []
        for (page, span) in first.rows.enumerated() {
            let places = test.leaves.map(\.index)
            let mayPass = try test.mayPass { leaf throws(ParquetError) in
                places.firstIndex(of: leaf.index).map { leaves[$0].bounds[page] }
            }
            if mayPass { kept.append(span) }
        }
        return rows.intersecting(kept)
    }

    // MARK: Items

    /// - Parameter names: Fields that the conditions need; `nil`: whole Items.
    private func decide(
        _ rows: [Range<Int>], _ wanted: [SearchCondition], names: Set<String>?
    ) throws -> [ItemMatch] {
        guard !rows.isEmpty else { return [] }
        guard !wanted.isEmpty || isOrdered else {
            return rows.joined().map { ItemMatch(file: place, rowGroup: rowGroup, row: $0, values: []) }
        }
        statistics.add { $0.evaluatedRowCount += rows.rowCount }
        let numbers = rows.flatMap { Array($0) }
        let test = ItemTest(conditions, wanted)
        let json = JSONReader()
        var found: [ItemMatch] = []
        let file = names == nil ? try file.completing([rowGroup]) : file
        let names = names.map { isOrdered ? $0.union(conditions.orderNames) : $0 }
        try ItemFileReader(file: file, names: names, partitions: searched.partitions).forEachItem(
            inRowGroup: rowGroup, rows: rows
        ) { index, text in
            try json.read(text) { item in
                guard try test.holds(item) else { return }
                found.append(
                    ItemMatch(
                        file: place, rowGroup: rowGroup, row: numbers[index],
                        values: isOrdered ? test.sortValues(item) : []))
            }
        }
        return found
    }
}

extension [Range<Int>] {
    var rowCount: Int { reduce(0) { $0 + $1.count } }

    /// Rows that are in both; ascending each.
    func intersecting(_ others: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var next = 0
        for range in self {
            while next < others.count, others[next].upperBound <= range.lowerBound { next += 1 }
            var other = next
            while other < others.count, others[other].lowerBound < range.upperBound {
                let part = range.clamped(to: others[other])
                if let last = result.last, last.upperBound == part.lowerBound {
                    result[result.count - 1] = last.lowerBound..<part.upperBound
                } else if !part.isEmpty {
                    result.append(part)
                }
                other += 1
            }
        }
        return result
    }

    /// Rows that are in `self` alone; ascending each.
    func subtracting(_ others: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var next = 0
        for range in self {
            var start = range.lowerBound
            while next < others.count, others[next].upperBound <= start { next += 1 }
            var other = next
            while other < others.count, others[other].lowerBound < range.upperBound {
                if others[other].lowerBound > start { result.append(start..<others[other].lowerBound) }
                start = Swift.max(start, others[other].upperBound)
                other += 1
            }
            if start < range.upperBound { result.append(start..<range.upperBound) }
        }
        return result
    }
}

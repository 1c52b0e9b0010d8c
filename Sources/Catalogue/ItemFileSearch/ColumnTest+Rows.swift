import Geo
import ItemFilter
import Parquet
import Temporal

extension ColumnTest {
    /// The matching rows among some of a row group.
    ///
    /// - Parameter rows: Ascending, not overlapping, none empty.
    func passing(_ rows: [Range<Int>], rowGroup: Int, _ file: ParquetFile) throws(ParquetError) -> [Range<Int>] {
        func read(_ leaf: SchemaLeaf) throws(ParquetError) -> ColumnValues {
            try file.readColumn(leaf, rowGroup: rowGroup, rows: rows, keepsDictionary: true)
        }
        switch self {
        case .never: return []
        case .ranges(let leaf, let kind, let ranges):
            let column = try read(leaf)
            let isWanted = ranges.matches(column.values, kind)
            return rows.filtered(PresentValues(column, leaf)) { isWanted[$0] }
        case .texts(let leaf, let texts):
            let column = try read(leaf)
            let isWanted = column.values.texts { texts.contains(Array($0)) }
            return rows.filtered(PresentValues(column, leaf)) { isWanted[$0] }
        case .box(let columns, let areas):
            var sides: [[Double]] = []
            for leaf in columns.leaves { sides.append(try read(leaf).doubles(leaf)) }
            return rows.filtered { row in
                let (west, south, east, north) = (sides[0][row], sides[1][row], sides[2][row], sides[3][row])
                if (west + south + east + north).isNaN { return true }
                return areas.contains { BoxBounds.meets(west, south, east, north, $0) }
            }
        case .times(let columns, let interval):
            func instants(_ leaf: SchemaLeaf?) throws(ParquetError) -> [Int64?]? {
                guard let leaf, let unit = leaf.timestampUnitsPerSecond else { return nil }
                return try read(leaf).instants(leaf, unitsPerSecond: unit)
            }
            let datetimes = try instants(columns.datetime)
            let starts = try instants(columns.start)
            let ends = try instants(columns.end)
            let (from, to) = (interval.start?.microseconds ?? .min, interval.end?.microseconds ?? .max)
            return rows.filtered { row in
                let datetime = datetimes?[row]
                let start = starts?[row]
                guard let first = start ?? datetime, let last = ends?[row] ?? datetime ?? start else { return false }
                return first <= to && last >= from
            }
        }
    }
}

/// The indexes of the rows' values among the non-null values.
private struct PresentValues {
    let levels: [UInt8]?
    let maxLevel: UInt8

    init(_ column: ColumnValues, _ leaf: SchemaLeaf) {
        levels = column.definitionLevels
        maxLevel = UInt8(leaf.maxDefinitionLevel)
    }
}

extension [Range<Int>] {
    /// The rows for which `isWanted` is true; it receives the index of a row among all of these.
    fileprivate func filtered(_ isWanted: (Int) -> Bool) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var place = 0
        for range in self {
            var start: Int?
            for row in range {
                if isWanted(place) {
                    if start == nil { start = row }
                } else if let first = start {
                    result.append(first..<row)
                    start = nil
                }
                place += 1
            }
            if let start { result.append(start..<range.upperBound) }
        }
        return result
    }

    /// The rows with a value for which `isWanted` is true; it receives the value's index.
    fileprivate func filtered(_ present: PresentValues, _ isWanted: (Int) -> Bool) -> [Range<Int>] {
        guard let levels = present.levels else { return filtered(isWanted) }
        var value = 0
        return filtered { row in
            guard levels[row] == present.maxLevel else { return false }
            value += 1
            return isWanted(value - 1)
        }
    }
}

extension ValueRanges {
    /// For each value, whether it matches.
    fileprivate func matches(_ values: ColumnValues.Storage, _ kind: ColumnTest.RangeKind) -> [Bool] {
        switch kind {
        case .numbers:
            let ranges = numbers ?? []
            func isWanted(_ value: Double) -> Bool {
                !value.isNaN && ranges.contains { $0.contains(value) } != isComplement && value.isFinite
            }
            return switch values {
            case .double(let values): values.map { isWanted($0) }
            case .float(let values): values.map { isWanted(Double($0)) }
            case .int32(let values): values.map { isWanted(Double($0)) }
            case .int64(let values): values.map { isWanted(Double($0)) }
            default: Array(repeating: false, count: values.count)
            }
        case .timestamps(let unit):
            let ranges = timestamps ?? []
            guard case .int64(let values) = values else { return Array(repeating: false, count: values.count) }
            return values.map { value in
                let value = microseconds(value, unitsPerSecond: unit)
                return ranges.contains { $0.contains(value) } != isComplement
            }
        case .strings:
            let ranges = (strings ?? []).map { ByteRange($0) }
            return values.texts { text in ranges.contains { $0.contains(text) } != isComplement }
        }
    }

    /// A range of texts, as bytes.
    private struct ByteRange {
        let lower, upper: [UInt8]?
        let includesLower, includesUpper: Bool

        init(_ range: StringRange) {
            lower = range.lower.map { Array($0.utf8) }
            upper = range.upper.map { Array($0.utf8) }
            (includesLower, includesUpper) = (range.includesLower, range.includesUpper)
        }

        func contains(_ text: ArraySlice<UInt8>) -> Bool {
            if let lower {
                if includesLower ? text.lexicographicallyPrecedes(lower) : !lower.lexicographicallyPrecedes(text) {
                    return false
                }
            }
            if let upper {
                if includesUpper ? upper.lexicographicallyPrecedes(text) : !text.lexicographicallyPrecedes(upper) {
                    return false
                }
            }
            return true
        }
    }
}

extension ColumnValues.Storage {
    /// For each text, the result of `isWanted`, evaluated once per dictionary entry.
    fileprivate func texts(_ isWanted: (ArraySlice<UInt8>) -> Bool) -> [Bool] {
        switch self {
        case .byteArrays(let values): return (0..<values.count).map { isWanted(values[$0]) }
        case .dictionaryByteArrays(let indices, let dictionary):
            let wanted = (0..<dictionary.count).map { isWanted(dictionary[$0]) }
            return indices.map { wanted[Int($0)] }
        default: return Array(repeating: false, count: count)
        }
    }
}

extension ColumnValues {
    /// One number per row; NaN if there is none.
    fileprivate func doubles(_ leaf: SchemaLeaf) -> [Double] {
        let present: [Double] =
            switch values {
            case .double(let values): values
            case .float(let values): values.map { Double($0) }
            default: []
            }
        return spread(present, leaf) ?? Array(repeating: .nan, count: rowCount)
    }

    /// Microseconds per row.
    fileprivate func instants(_ leaf: SchemaLeaf, unitsPerSecond: Int64) -> [Int64?] {
        guard case .int64(let values) = values else { return Array(repeating: nil, count: rowCount) }
        var place = 0
        return (0..<rowCount).map { row in
            if let definitionLevels, definitionLevels[row] != UInt8(leaf.maxDefinitionLevel) { return nil }
            place += 1
            return microseconds(values[place - 1], unitsPerSecond: unitsPerSecond)
        }
    }

    private func spread(_ present: [Double], _ leaf: SchemaLeaf) -> [Double]? {
        guard present.count == values.count else { return nil }
        guard let definitionLevels else { return present }
        var place = 0
        return definitionLevels.map { level in
            guard level == UInt8(leaf.maxDefinitionLevel) else { return .nan }
            place += 1
            return present[place - 1]
        }
    }
}

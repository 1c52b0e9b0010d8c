import ItemFilter
import STACAPI
import Temporal

/// A row of a segment that is a candidate for a page.
struct RowCandidate {
    let segment: Int
    let row: Int
    /// Monotone in the sort order: a row before another has a coarse value that is not larger. Ties are undecided.
    let coarse: UInt64
}

/// A search's sort order over rows of several segments, in the direction of paging.
struct RowOrder {
    private enum Accessor {
        /// The segment's times, which live as long as it.
        case time(UnsafePointer<Int64>)
        case id
        case collection(String)
        case column(SegmentColumn)
        /// Members of objects, by row: read from the Items that match.
        case values([Int: SortValue])
        case missing
    }

    let keys: [SortKey]
    /// Of the keys: see `PropertyName.normalized`.
    private let names: [String]
    /// Of the keys: the names of objects that they may lead into.
    private let outerNames: [[ColumnName]]
    let isBackward: Bool
    /// Whether this is the order of `Segment.timeOrder`, or its reverse.
    let isTimeOrder: Bool
    private var segments: [Segment] = []
    /// `Segment.idRanks` of each.
    private var idRanks: [UnsafePointer<UInt32>] = []
    private var accessors: [[Accessor]] = []

    init(_ keys: [SortKey], isBackward: Bool) {
        self.keys = keys
        names = keys.map { PropertyName.normalized($0.property) }
        outerNames = names.map { PropertyName.prefixes($0).map(ColumnName.init) }
        self.isBackward = isBackward
        isTimeOrder = keys[0].property == "datetime" && keys[1] == SortKey("id", keys[0].direction)
    }

    /// Whether times are traversed from the latest to the earliest.
    var isDescendingTime: Bool { (keys[0].direction == .descending) != isBackward }

    /// The keys whose values may be members of objects, in which dots lead: the segment has no columns for those.
    func nestedKeys(in segment: Segment) -> [Int] {
        keys.indices.filter { key in outerNames[key].contains { segment.columns[$0]?.complex != nil } }
    }

    /// - Parameter values: By row, of the keys that `nestedKeys` names.
    /// - Returns: The number of this segment's candidates.
    mutating func add(_ segment: Segment, collection: String, values: [Int: [Int: SortValue]] = [:]) -> Int {
        segments.append(segment)
        idRanks.append(segment.idRanks)
        accessors.append(
            keys.indices.map { key in
                if let values = values[key] { return .values(values) }
                return switch names[key] {
                case "datetime": .time(segment.times)
                case "id": .id
                case "collection": .collection(collection)
                case "geometry": .missing
                case let name: segment.column(named: ColumnName(name)).map(Accessor.column) ?? .missing
                }
            })
        return segments.count - 1
    }

    func value(_ key: Int, _ segment: Int, _ row: Int) -> SortValue {
        switch accessors[segment][key] {
        case .time(let times): .timestamp(Timestamp(microseconds: times[row]))
        case .id: .string(segments[segment].id(row))
        case .collection(let collection): .string(collection)
        case .column(let column): column.sortValue(row)
        case .values(let values): values[row] ?? .missing
        case .missing: .missing
        }
    }

    /// Removes rows that can no longer be among the first, by their number under the first key; ties stay.
    func keepCandidates(before first: TopRows, of segment: Int, in rows: inout Bitmap) {
        guard first.isFull, let last = first.last, !isBackward,
            case .column(let column) = accessors[segment][0], let part = column.number,
            case .number(let bar) = value(0, last.segment, last.row), column.timestamp == nil, column.string == nil,
            column.bool == nil
        else { return }
        // Numbers only, missing last: rows without a number come after the bar.
        part.presence.intersect(&rows)
        part.keep(keys[0].direction == .ascending ? -.infinity...bar : bar ... .infinity, in: &rows)
    }

    /// The values of all keys, for a cursor.
    func values(_ candidate: RowCandidate) -> [SortValue] {
        keys.indices.map { value($0, candidate.segment, candidate.row) }
    }

    func candidate(_ segment: Int, _ row: Int) -> RowCandidate {
        RowCandidate(segment: segment, row: row, coarse: coarse(value(0, segment, row)))
    }

    func precedes(_ left: RowCandidate, _ right: RowCandidate) -> Bool {
        if left.coarse != right.coarse { return left.coarse < right.coarse }
        for key in keys.indices {
            if left.segment == right.segment, case .id = accessors[left.segment][key] {
                // Ranks stand for the ids; equal ones are versions of one Item, of which only one is current.
                let ranks = idRanks[left.segment]
                if ranks[left.row] == ranks[right.row] { continue }
                let isLess = ranks[left.row] < ranks[right.row]
                return isLess == ((keys[key].direction == .ascending) != isBackward)
            }
            let one = value(key, left.segment, left.row)
            if let result = precedes(one, value(key, right.segment, right.row), key) { return result }
        }
        return false
    }

    /// Whether a row comes after the cursor, in the direction of paging.
    func follows(_ cursor: [SortValue], _ candidate: RowCandidate) -> Bool {
        for key in keys.indices {
            let value = value(key, candidate.segment, candidate.row)
            if let result = precedes(cursor[key], value, key) { return result }
        }
        return false
    }

    private func precedes(_ left: SortValue, _ right: SortValue, _ key: Int) -> Bool? {
        isBackward ? right.precedes(left, keys[key].direction) : left.precedes(right, keys[key].direction)
    }

    /// A number that is monotone in the first key.
    func coarse(_ value: SortValue) -> UInt64 {
        let type: UInt64
        let bits: UInt64
        switch value {
        case .missing: return isBackward ? 0 : .max
        case .bool(let value): (type, bits) = (0, value ? 1 << 63 : 0)
        case .number(let value):
            // Maps the bits of doubles to integers in the same order: negative ones reversed. -0 and 0 are equal.
            let pattern = (value == 0 ? 0 : value).bitPattern
            (type, bits) = (1, pattern >> 63 == 1 ? ~pattern : pattern | 1 << 63)
        case .timestamp(let value): (type, bits) = (2, UInt64(bitPattern: value.microseconds) ^ 1 << 63)
        case .string(let text):
            var prefix: UInt64 = 0
            var shift: UInt64 = 56
            for byte in text.utf8.prefix(8) {
                prefix |= UInt64(byte) << shift
                shift = shift &- 8
            }
            (type, bits) = (3, prefix)
        }
        let ascending = min(type << 62 | bits >> 2, .max - 1)
        let forward = keys[0].direction == .ascending ? ascending : .max - 1 - ascending
        return isBackward ? .max - forward : forward
    }
}

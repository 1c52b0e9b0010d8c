import STACAPI
import Temporal

/// One property of a segment's Items: at most one part per type of value.
struct SegmentColumn {
    let name: String
    let rowCount: Int
    private(set) var number: NumberPart?
    private(set) var timestamp: TimestampPart?
    private(set) var string: StringPart?
    private(set) var bool: BoolPart?
    /// Rows whose value is in the Item's body only.
    private(set) var complex: Presence?

    init(_ column: SegmentLayout.Column, storage: SegmentStorage, rowCount: Int, words: Int) throws(SegmentError) {
        name = column.name
        self.rowCount = rowCount
        for part in column.parts {
            let presence = Presence(
                words: try part.presence.map { section throws(SegmentError) in
                    try storage.elements(section, count: words)
                }, rowCount: rowCount, population: part.population)
            switch part.kind {
            case .number: number = try NumberPart(part, presence, storage)
            case .timestamp: timestamp = try TimestampPart(part, presence, storage)
            case .string: string = try StringPart(part, presence, storage)
            case .bool:
                bool = BoolPart(presence: presence, values: try storage.elements(part.values ?? .none, count: words))
            case .complex: complex = presence
            }
        }
    }

    /// What a row holds, for sorting.
    func sortValue(_ row: Int) -> SortValue {
        if let number, number.presence[row] { return .number(number[row]) }
        if let timestamp, timestamp.presence[row] { return .timestamp(Timestamp(microseconds: timestamp[row])) }
        if let string, string.presence[row] { return .string(string[row]) }
        if let bool, bool.presence[row] { return .bool(bool[row]) }
        return .missing
    }
}

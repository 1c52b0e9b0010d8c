import STACAPI
import Temporal

/// One property of a segment's Items: at most one part per value type.
final class SegmentColumn {
    let name: String
    let rowCount: Int
    let number: NumberPart?
    let timestamp: TimestampPart?
    let string: StringPart?
    let bool: BoolPart?
    /// Rows whose value is in the Item's body only.
    let complex: Presence?

    init(_ column: SegmentLayout.Column, storage: SegmentStorage, rowCount: Int, words: Int) throws(SegmentError) {
        var number: NumberPart?
        var timestamp: TimestampPart?
        var string: StringPart?
        var bool: BoolPart?
        var complex: Presence?
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
        name = column.name
        self.rowCount = rowCount
        self.number = number
        self.timestamp = timestamp
        self.string = string
        self.bool = bool
        self.complex = complex
    }

    /// A row's value, for sorting.
    func sortValue(_ row: Int) -> SortValue {
        if let number, number.presence[row] { return .number(number[row]) }
        if let timestamp, timestamp.presence[row] { return .timestamp(Timestamp(microseconds: timestamp[row])) }
        if let string, string.presence[row] { return .string(string[row]) }
        if let bool, bool.presence[row] { return .bool(bool[row]) }
        return .missing
    }
}

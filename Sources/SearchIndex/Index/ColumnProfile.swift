public import Temporal

/// What the Items of some collections hold under one property's name.
public struct ColumnProfile: Sendable, Hashable {
    public enum ValueType: String, Sendable, Hashable, CaseIterable {
        case number, integer, timestamp, string, boolean
        /// An array or an object.
        case structured
    }

    public let name: String
    public internal(set) var types: Set<ValueType> = []
    /// Range of the numbers; rows that have been replaced lately may still count.
    public internal(set) var numbers: ClosedRange<Double>?
    public internal(set) var timestamps: ClosedRange<Timestamp>?
    /// All strings, sorted, when there are at most `ColumnProfile.maximumStrings`.
    public internal(set) var strings: [String]?

    public static let maximumStrings = 40
}

extension ItemIndex {
    /// The properties of the Items of some collections, by name.
    ///
    /// - Parameter collections: The store's numbers; `nil`: all.
    public func properties(of collections: [Int64]? = nil) -> [ColumnProfile] {
        var profiles: [ColumnName: ColumnProfile] = [:]
        for (number, collection) in snapshot.collections where collections?.contains(number) ?? true {
            for state in collection.segments {
                for column in state.segment.columns.values {
                    profiles[
                        ColumnName(column.name), default: ColumnProfile(name: column.name, strings: [])
                    ].add(column)
                }
            }
        }
        return profiles.values.sorted { $0.name < $1.name }
    }
}

extension ColumnProfile {
    fileprivate mutating func add(_ column: SegmentColumn) {
        if let part = column.number {
            types.insert(part.holdsIntegersOnly ? .integer : .number)
            let range = part.minimum...part.maximum
            numbers =
                numbers.map { min($0.lowerBound, range.lowerBound)...max($0.upperBound, range.upperBound) } ?? range
        }
        if let part = column.timestamp {
            types.insert(.timestamp)
            let low = Timestamp(microseconds: part.minimum)
            let high = Timestamp(microseconds: part.maximum)
            timestamps = timestamps.map { min($0.lowerBound, low)...max($0.upperBound, high) } ?? low...high
        }
        if let part = column.string {
            types.insert(.string)
            add(part.dictionary)
        }
        if column.bool != nil { types.insert(.boolean) }
        if column.complex != nil { types.insert(.structured) }
    }

    private mutating func add(_ dictionary: StringDictionary) {
        guard let known = strings else { return }
        guard dictionary.count <= Self.maximumStrings else {
            strings = nil
            return
        }
        var all = Set(known)
        for rank in 0..<dictionary.count { all.insert(dictionary[rank]) }
        strings = all.count <= Self.maximumStrings ? all.sorted() : nil
    }
}

import Temporal

extension ColumnProfile {
    /// The profile of all rows of a column, from its layout.
    init(_ column: SegmentColumn) {
        self.init(name: column.name)
        if let part = column.number {
            types.insert(part.holdsIntegersOnly ? .integer : .number)
            numbers = part.minimum...part.maximum
        }
        if let part = column.timestamp {
            types.insert(.timestamp)
            timestamps = Timestamp(microseconds: part.minimum)...Timestamp(microseconds: part.maximum)
        }
        if let part = column.string {
            types.insert(.string)
            let count = part.dictionary.count
            strings = count <= Self.maximumStrings ? (0..<count).map { part.dictionary[$0] } : nil
        }
        if column.bool != nil { types.insert(.boolean) }
        if column.complex != nil { types.insert(.structured) }
    }

    /// The profile after some rows have died.
    ///
    /// - Returns: `nil` when no row has a value any more.
    func without(_ dead: Bitmap, of column: SegmentColumn, live: Bitmap) -> ColumnProfile? {
        var profile = self
        if let part = column.number, let range = numbers,
            dead.contains(where: {
                part.presence[$0] && (part[$0] == range.lowerBound || part[$0] == range.upperBound)
            })
        {
            profile.numbers = Self.range(range, live, part.presence) { part[$0] }
            if profile.numbers == nil { profile.types.subtract([.number, .integer]) }
        }
        if let part = column.timestamp, let range = timestamps,
            dead.contains(where: {
                part.presence[$0]
                    && (part[$0] == range.lowerBound.microseconds || part[$0] == range.upperBound.microseconds)
            })
        {
            let known = range.lowerBound.microseconds...range.upperBound.microseconds
            profile.timestamps = Self.range(known, live, part.presence) { part[$0] }.map {
                Timestamp(microseconds: $0.lowerBound)...Timestamp(microseconds: $0.upperBound)
            }
            if profile.timestamps == nil { profile.types.remove(.timestamp) }
        }
        if let part = column.string, types.contains(.string), dead.contains(where: { part.presence[$0] }) {
            profile.setStrings(part, live)
        }
        if let part = column.bool, types.contains(.boolean), !live.contains(where: { part.presence[$0] }) {
            profile.types.remove(.boolean)
        }
        if let presence = column.complex, types.contains(.structured), !live.contains(where: { presence[$0] }) {
            profile.types.remove(.structured)
        }
        return profile.types.isEmpty ? nil : profile
    }

    /// The range of the live rows' values; the scan ends when it reaches both ends of `known`.
    private static func range<Value: Comparable>(
        _ known: ClosedRange<Value>, _ live: Bitmap, _ presence: Presence, _ value: (Int) -> Value
    ) -> ClosedRange<Value>? {
        var range: ClosedRange<Value>?
        _ = live.contains { row in
            guard presence[row] else { return false }
            let value = value(row)
            guard let old = range else {
                range = value...value
                return value == known.lowerBound && value == known.upperBound
            }
            guard !old.contains(value) else { return false }
            let new = min(old.lowerBound, value)...max(old.upperBound, value)
            range = new
            return new == known
        }
        return range
    }

    private mutating func setStrings(_ part: StringPart, _ live: Bitmap) {
        let count = part.dictionary.count
        var seen = Bitmap(count: count)
        // Stops once there are too many to list, or all known ones have been found.
        let enough = min(strings?.count ?? Self.maximumStrings + 1, count)
        var seenCount = 0
        _ = live.contains { row in
            guard part.presence[row], case let rank = part.rank(row), !seen[rank] else { return false }
            seen[rank] = true
            seenCount += 1
            return seenCount == enough
        }
        if seenCount == 0 { types.remove(.string) }
        guard strings != nil || seenCount <= Self.maximumStrings else { return }
        var found: [String] = []
        seen.forEach { found.append(part.dictionary[$0]) }
        strings = found
    }
}

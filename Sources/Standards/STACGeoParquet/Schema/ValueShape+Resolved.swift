/// The type of a column.
indirect enum ColumnType: Hashable, Sendable {
    case bool, integer, double, string
    /// Text of any JSON value.
    case json
    case time(TimeFormat)
    /// Well-known binary.
    case geometry
    case list(ColumnType)
    case structure([Field])

    struct Field: Hashable, Sendable {
        var name: String
        var type: ColumnType
        /// Whether no value means an explicit `null` rather than an absent member.
        var meansNull = false
    }

    var leafCount: Int {
        switch self {
        case .list(let element): element.leafCount
        case .structure(let fields): fields.reduce(0) { $0 + $1.type.leafCount }
        default: 1
        }
    }
}

extension ValueShape {
    /// The narrowest type that holds every value; `nil` when there was none but null.
    var resolved: ColumnType? {
        if !kinds.isDisjoint(with: [.unbounded, .hugeNumber]) { return .json }
        switch kinds {
        case []: return nil
        case .bool: return .bool
        case .integer, [.integer, .wideInteger]: return .integer
        case .fraction, [.fraction, .integer]: return .double
        case .string:
            if let times, times.failures == 0 { return .time(times.format) }
            return .string
        case .array:
            return .list(element?.resolved ?? .string)
        case .object:
            let fields = self.fields
            // The format has no groups without members.
            return fields.isEmpty ? .json : .structure(fields)
        default: return .json
        }
    }

    /// The members as fields, in the order in which they were first seen.
    var fields: [ColumnType.Field] {
        zip(table.names, members).compactMap { name, member in
            let meansNull = member.nullCount > objectCount - member.count
            // Readers expect times where there are none, too.
            let typeOfNulls = member.times == nil ? ColumnType.string : .time(.sixOrNone)
            guard let type = member.resolved ?? (meansNull ? typeOfNulls : nil) else { return nil }
            return ColumnType.Field(name: name, type: type, meansNull: meansNull)
        }
    }

    /// Whether the columns cannot distinguish some values: a null where no value means no member, or the reverse, or an
    /// instant written unlike the others.
    var isLossy: Bool {
        if kinds.isDisjoint(with: [.unbounded, .hugeNumber]) == false || resolved == .json { return false }
        if let times, kinds == .string, times.failures == 0, !times.isUniform { return true }
        if kinds == .object, hasLossyMembers { return true }
        return element?.isLossy ?? false
    }

    /// The same for the members, which have columns in any case.
    var hasLossyMembers: Bool {
        members.contains { member in
            let absentCount = objectCount - member.count
            return member.nullCount > 0 && absentCount > 0 || member.isLossy
        }
    }
}

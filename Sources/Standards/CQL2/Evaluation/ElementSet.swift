import Geo
import Temporal

/// A value that equals others as `CQL2Value.compared(to:)` has it, in a form that can be hashed.
///
/// Elements of arrays may also be geometries, intervals, and arrays, which are sets again.
enum ElementKey: Hashable {
    case bool(Bool)
    case number(Double)
    /// Of a string that is no time, or of one that is but need not be compared with times.
    case string([UInt8])
    case instant(Timestamp)
    case interval(Timestamp?, Timestamp?)
    case geometry(Geometry)
    case array(Set<ElementKey>)

    /// `nil` for what equals nothing, not even itself.
    init?(_ value: CQL2Value) {
        switch value {
        case .null, .object: return nil
        case .bool(let value): self = .bool(value)
        case .number(let value):
            if value.isNaN { return nil }
            self = .number(value)
        case .string(let text): self = TemporalText(text).map { .instant($0.instant) } ?? .string(Array(text.utf8))
        case .timestamp(let instant), .date(let instant): self = .instant(instant)
        case .interval(let start, let end): self = .interval(start, end)
        case .geometry(let geometry): self = .geometry(geometry)
        case .array(let elements):
            let set = ElementSet(elements)
            guard !set.hasOddities else { return nil }
            self = .array(set.keys)
        }
    }
}

/// The elements of an array: neither order nor repetition counts.
struct ElementSet {
    private(set) var keys: Set<ElementKey> = []
    /// Whether some elements equal nothing, such as null.
    private(set) var hasOddities = false

    init(_ elements: [CQL2Value]) {
        keys.reserveCapacity(elements.count)
        for element in elements {
            if let key = ElementKey(element) { keys.insert(key) } else { hasOddities = true }
        }
    }
}

/// The values of a list, for `IN`.
struct ValueSet {
    private var keys: Set<ElementKey> = []
    /// Which kinds of values there are: an item's value does not compare with all of them.
    private var (hasNumbers, hasBools, hasPlainTexts, hasTimeTexts, hasInstants, hasOthers) = (
        false, false, false, false, false, false
    )

    init(_ values: [CQL2Value]) {
        keys.reserveCapacity(values.count)
        for value in values {
            switch (value, ElementKey(value)) {
            case (.number, let key?):
                hasNumbers = true
                keys.insert(key)
            case (.bool, let key?):
                hasBools = true
                keys.insert(key)
            case (.string, .string(let text)?):
                hasPlainTexts = true
                keys.insert(.string(text))
            case (.string, let key?):
                hasTimeTexts = true
                keys.insert(key)
            case (.timestamp, let key?), (.date, let key?):
                hasInstants = true
                keys.insert(key)
            default: hasOthers = true
            }
        }
    }

    /// Whether a value is equal to one of the list; `nil` when it is to none, and does not compare with all of them.
    func contains(_ value: CQL2Value) -> Bool? {
        let hasIncomparable: Bool
        let key = ElementKey(value)
        switch (value, key) {
        case (.number, _?): hasIncomparable = hasBools || hasPlainTexts || hasTimeTexts || hasInstants
        case (.bool, _?): hasIncomparable = hasNumbers || hasPlainTexts || hasTimeTexts || hasInstants
        case (.string, .string?): hasIncomparable = hasNumbers || hasBools || hasInstants
        case (.string, _?): hasIncomparable = hasNumbers || hasBools
        case (.timestamp, _?), (.date, _?): hasIncomparable = hasNumbers || hasBools || hasPlainTexts
        default:
            let isEmpty = !(hasNumbers || hasBools || hasPlainTexts || hasTimeTexts || hasInstants || hasOthers)
            return isEmpty ? false : nil
        }
        if let key, keys.contains(key) { return true }
        return hasIncomparable || hasOthers ? nil : false
    }
}

public import Temporal

/// The values of one property of some Items.
public struct ColumnProfile: Sendable, Hashable {
    public enum ValueType: String, Sendable, Hashable, CaseIterable {
        case number, integer, timestamp, string, boolean
        /// An array or an object.
        case structured
    }

    public let name: String
    /// `number` may stand for whole numbers, too.
    public internal(set) var types: Set<ValueType> = []
    public internal(set) var numbers: ClosedRange<Double>?
    public internal(set) var timestamps: ClosedRange<Timestamp>?
    /// All strings, sorted by their bytes, when there are at most `ColumnProfile.maximumStrings`.
    public internal(set) var strings: [String]? = []

    public static let maximumStrings = 40

    init(name: String) {
        self.name = name
    }
}

extension ColumnProfile {
    mutating func formUnion(_ other: ColumnProfile) {
        types.formUnion(other.types)
        numbers = union(numbers, other.numbers)
        timestamps = union(timestamps, other.timestamps)
        guard let known = strings, let added = other.strings else {
            strings = nil
            return
        }
        // By bytes: to `String`, `é` composed and decomposed are the same.
        let all = Set(known.map { Array($0.utf8) }).union(added.map { Array($0.utf8) })
        strings =
            all.count <= Self.maximumStrings
            ? all.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) } : nil
    }
}

/// From the lower of two lower bounds to the higher of two upper ones.
func union<Bound>(_ left: ClosedRange<Bound>?, _ right: ClosedRange<Bound>?) -> ClosedRange<Bound>? {
    guard let left, let right else { return left ?? right }
    return min(left.lowerBound, right.lowerBound)...max(left.upperBound, right.upperBound)
}

import JSON

/// The shape of the values at one position of many Items: which types occur, and the same for their members and
/// elements.
///
/// Grows with every value that is added, never the other way, so that a column which can hold the shape can hold every
/// value that was added.
final class ValueShape {
    struct Kinds: OptionSet, Hashable {
        let rawValue: UInt16

        static let bool = Self(rawValue: 1)
        static let integer = Self(rawValue: 2)
        /// An integer that a double does not hold exactly.
        static let wideInteger = Self(rawValue: 4)
        /// A number with a fraction or an exponent.
        static let fraction = Self(rawValue: 8)
        /// A number that fits neither 64 bits nor a double.
        static let hugeNumber = Self(rawValue: 16)
        static let string = Self(rawValue: 32)
        static let array = Self(rawValue: 64)
        static let object = Self(rawValue: 128)
        /// An object with too many members, or a value nested too deep.
        static let unbounded = Self(rawValue: 256)
    }

    /// Objects with more members than this, taken together, are stored as JSON text: their members' names are data.
    static let memberLimit = 1024
    /// Values nested deeper are stored as JSON text.
    static let depthLimit = 12

    var kinds: Kinds = []
    /// Values, nulls among them.
    var count = 0
    var nullCount = 0
    /// Objects among the values.
    var objectCount = 0
    var table = MemberTable()
    var members: [ValueShape] = []
    var element: ValueShape?
    /// Of strings that may be instants.
    var times: TimeFormatCounts?

    /// Whether only the members beyond the limit are omitted, rather than all.
    private let isOpen: Bool
    private(set) var leavesOut = false

    init(mayBeTime: Bool = false, isOpen: Bool = false) {
        self.isOpen = isOpen
        if mayBeTime { times = TimeFormatCounts() }
    }

    func add(_ value: JSONElement, depth: Int = 0) {
        count += 1
        switch value.kind {
        case .null: nullCount += 1
        case .bool: kinds.insert(.bool)
        case .number: kinds.formUnion(Self.kinds(ofNumber: value))
        case .string:
            kinds.insert(.string)
            if times != nil { addTime(value) }
        case .array:
            kinds.insert(.array)
            guard depth < Self.depthLimit else {
                kinds.insert(.unbounded)
                return
            }
            for part in value.elements { elementShape().add(part, depth: depth + 1) }
        case .object:
            kinds.insert(.object)
            objectCount += 1
            guard depth < Self.depthLimit else {
                kinds.insert(.unbounded)
                return
            }
            addMembers(of: value, depth: depth)
        }
    }

    private func addTime(_ value: JSONElement) {
        if let plain = value.plainStringBytes {
            times?.add(plain)
        } else {
            times?.failures += 1
        }
    }

    private func elementShape() -> ValueShape {
        if let element { return element }
        let shape = ValueShape()
        element = shape
        return shape
    }

    private func addMembers(of value: JSONElement, depth: Int) {
        guard !kinds.contains(.unbounded) else { return }
        var hint = 0
        for (name, member) in value.members {
            if let index = table.index(of: name, hint: &hint) {
                members[index].add(member, depth: depth + 1)
            } else {
                guard let shape = newMember(name.string ?? "") else {
                    if isOpen { continue }
                    return
                }
                hint = members.count
                shape.add(member, depth: depth + 1)
            }
        }
    }

    /// - Returns: `nil` when there are too many.
    private func newMember(_ name: String, mayBeTime: Bool = false) -> ValueShape? {
        guard members.count < Self.memberLimit else {
            if isOpen {
                leavesOut = true
                return nil
            }
            kinds.insert(.unbounded)
            table = MemberTable()
            members = []
            return nil
        }
        _ = table.append(name)
        let shape = ValueShape(mayBeTime: mayBeTime)
        members.append(shape)
        return shape
    }

    /// The shape of the member with that name, which is made when there is none.
    func member(_ name: String, mayBeTime: Bool = false) -> ValueShape? {
        if let index = table.index(of: name) { return members[index] }
        return newMember(name, mayBeTime: mayBeTime)
    }

    private static func kinds(ofNumber value: JSONElement) -> Kinds {
        let bytes = value.rawBytes
        let isInteger = bytes.allSatisfy { $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") }
        guard isInteger else { return value.double?.isFinite == true ? .fraction : .hugeNumber }
        // A minus and fifteen digits are below 2^53.
        if bytes.count <= 15 { return .integer }
        guard let integer = value.int else { return .hugeNumber }
        return Int(exactly: Double(integer)) == integer ? .integer : [.integer, .wideInteger]
    }

    /// Adds the observations of `other`.
    func merge(_ other: ValueShape) {
        kinds.formUnion(other.kinds)
        count += other.count
        nullCount += other.nullCount
        objectCount += other.objectCount
        leavesOut = leavesOut || other.leavesOut
        if let theirs = other.times { times?.merge(theirs) }
        if let theirs = other.element { elementShape().merge(theirs) }
        guard !kinds.contains(.unbounded) else {
            table = MemberTable()
            members = []
            return
        }
        for (name, theirs) in zip(other.table.names, other.members) {
            member(name, mayBeTime: theirs.times != nil)?.merge(theirs)
        }
    }
}

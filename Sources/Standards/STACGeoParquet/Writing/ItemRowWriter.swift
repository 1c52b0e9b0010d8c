import Geo
import JSON
import Parquet
import Temporal

/// Walks through Items and appends their values to columns.
struct ItemRowWriter {
    private let schema: ItemSchema
    /// The fields of the Item, then those of its properties.
    private let plan: RowPlan
    /// The plan's.
    private let nodes: UnsafeBufferPointer<RowPlan.Node>
    private let names: UnsafeRawPointer
    private let topCount: Int
    /// The columns of a builder, which outlives this: so nothing needs to count references.
    private let leaves: [Unmanaged<LeafBuffer>]

    /// By node: in which of all structures so far it has been met last.
    private var stamps: [UInt32]
    private var structureCount: UInt32 = 0
    /// Whether the Item at hand has something that the columns do not hold.
    private var needsOverflow = false
    private var isMismatch = false
    private var scratch: [UInt8] = []
    /// West, south, east, north of all Items so far.
    private(set) var box: [Double]?
    private(set) var hasWideBoxes = false

    init(schema: ItemSchema, leaves: [LeafBuffer]) {
        self.schema = schema
        self.leaves = leaves.map { Unmanaged.passUnretained($0) }
        plan = RowPlan(schema.top + schema.properties, groupedFrom: schema.top.count)
        nodes = plan.nodes
        names = UnsafeRawPointer(plan.names.baseAddress!)
        topCount = schema.top.count
        stamps = [UInt32](repeating: 0, count: nodes.count)
    }

    /// Appends one entry at least to each column.
    mutating func append(_ item: JSONElement) -> (needsOverflow: Bool, isMismatch: Bool) {
        needsOverflow = false
        isMismatch = false
        writeItem(item)
        return (needsOverflow, isMismatch)
    }

    // MARK: Item

    private mutating func writeItem(_ item: JSONElement) {
        var values:
            (
                JSONElement?, JSONElement?, JSONElement?, JSONElement?, JSONElement?, JSONElement?, JSONElement?,
                JSONElement?, JSONElement?, properties: JSONElement?
            )
        for (name, value) in item.members {
            if name.equals("properties") {
                values.properties = value
            } else if name.equals("assets") {
                values.7 = value
            } else if name.equals("links") {
                values.6 = value
            } else if name.equals("geometry") {
                values.4 = value
            } else if name.equals("bbox") {
                values.5 = value
            } else if name.equals("id") {
                values.3 = value
            } else if name.equals("collection") {
                values.8 = value
            } else if name.equals("stac_version") {
                values.1 = value
            } else if name.equals("stac_extensions") {
                values.2 = value
            } else if name.equals("type") {
                values.0 = value
            } else {
                needsOverflow = true
            }
        }
        writeTop(values.0, 0)
        writeTop(values.1, 1)
        writeTop(values.2, 2)
        writeTop(values.3, 3)
        writeTop(values.4, 4)
        writeBox(values.5, nodes[5])
        writeTop(values.6, 6)
        writeTop(values.7, 7)
        writeTop(values.8, 8)
        let properties = topCount..<topCount + schema.properties.count
        guard let object = values.properties, object.kind == .object else {
            needsOverflow = true
            for index in properties { writeMissing(nodes[index], 0, 0) }
            return
        }
        writeMembers(object, table: 0, properties, 0, isTop: true)
    }

    private mutating func writeTop(_ value: JSONElement?, _ index: Int) {
        if let value, !value.isNull, !ItemShape.isRegular(value, at: index) {
            needsOverflow = true
            return writeMissing(nodes[index], 0, 0)
        }
        write(value, index, 0)
    }

    private mutating func writeBox(_ value: JSONElement?, _ node: RowPlan.Node) {
        guard let value, BoundingBoxColumns.isRegular(value), schema.hasHeights || value.count == 4 else {
            if let value {
                needsOverflow = true
                if value.count == 6, BoundingBoxColumns.isRegular(value) { isMismatch = true }
            }
            return writeMissing(node, 0, 0)
        }
        let hasHeights = value.count == 6
        extendBox(value.elements.map { $0.double ?? 0 })
        var leaf = node.leaves.lowerBound
        for (index, number) in value.elements.enumerated() {
            leaves[leaf]._withUnsafeGuaranteedRef { $0.append(number.double ?? 0) }
            leaf += 1
            // A box without heights among those with them.
            if schema.hasHeights, !hasHeights, index % 2 == 1 {
                leaves[leaf]._withUnsafeGuaranteedRef { $0.appendNull(definitionLevel: 1) }
                leaf += 1
            }
        }
    }

    private mutating func extendBox(_ numbers: [Double]) {
        let half = numbers.count / 2
        // Across the antimeridian: all around.
        let isCrossing = numbers[0] > numbers[half]
        if isCrossing, numbers[0] - numbers[half] <= 180 { hasWideBoxes = true }
        let (west, east) = isCrossing ? (-180, 180) : (numbers[0], numbers[half])
        let (south, north) = (numbers[1], numbers[half + 1])
        guard let known = box else {
            box = [west, south, east, north]
            return
        }
        box = [min(known[0], west), min(known[1], south), max(known[2], east), max(known[3], north)]
    }

    // MARK: Values

    /// - Parameters:
    ///   - index: The node's.
    ///   - level: Repetition level of the first entry.
    private mutating func write(_ value: JSONElement?, _ index: Int, _ level: Int) {
        let node = nodes[index]
        guard let value, !value.isNull else {
            if (value != nil) != node.meansNull { needsOverflow = true }
            return writeMissing(node, node.definitionLevel - 1, level)
        }
        switch node.kind {
        case .list:
            guard value.kind == .array else { return writeMismatch(node, level) }
            var level = level
            var isEmpty = true
            for part in value.elements {
                write(part, node.first, level)
                level = node.repetitionLevel
                isEmpty = false
            }
            if isEmpty { writeMissing(node, node.definitionLevel, level) }
        case .structure:
            guard value.kind == .object else { return writeMismatch(node, level) }
            let members = node.first..<node.first + node.memberCount
            writeMembers(value, table: node.detail, members, level, isTop: false)
        default:
            let leaf = leaves[node.leaves.lowerBound]
            let isWritten = leaf._withUnsafeGuaranteedRef { writeLeaf(value, node, $0, level) }
            if !isWritten { writeMissing(node, node.definitionLevel - 1, level) }
        }
    }

    private mutating func writeMembers(
        _ object: JSONElement, table: Int, _ members: Range<Int>, _ level: Int, isTop: Bool
    ) {
        structureCount &+= 1
        let stamp = structureCount
        var expected = members.lowerBound
        var metCount = 0
        for (name, value) in object.members {
            guard let index = self.index(of: name, members, table, expected), stamps[index] != stamp else {
                writeUnknown(name, value, isTop: isTop)
                continue
            }
            expected = index + 1
            stamps[index] = stamp
            metCount += 1
            write(value, index, level)
        }
        guard metCount < members.count else { return }
        for index in members where stamps[index] != stamp { write(nil, index, level) }
    }

    /// The node of a member. Objects of a kind have their members in the same order, so that most are where they are
    /// expected, or a little behind, since some are missing as often as not.
    @inline(__always)
    private func index(of name: JSONElement, _ members: Range<Int>, _ table: Int, _ expected: Int) -> Int? {
        if let plain = name.plainStringBytes {
            var index = expected
            while index < min(expected + 3, members.upperBound) {
                let known = nodes[index].name
                if known.count == plain.count, equalBytes(names + known.lowerBound, plain) { return index }
                index += 1
            }
        }
        return name.string.flatMap { plan.tables[table].index(of: $0) }.map { members.lowerBound + $0 }
    }

    /// A member without a column: only null, a name that is taken, and the second of its name may be left to the
    /// overflow column; anything else needs a column of its own.
    private mutating func writeUnknown(_ name: JSONElement, _ value: JSONElement, isTop: Bool) {
        needsOverflow = true
        guard !value.isNull else { return }
        if isTop, schema.isOpen { return }
        if isTop, let name = name.string, ItemSchema.isReserved(name) { return }
        isMismatch = true
    }

    private mutating func writeMismatch(_ node: RowPlan.Node, _ level: Int) {
        isMismatch = true
        writeMissing(node, node.definitionLevel - 1, level)
    }

    private mutating func writeMissing(_ node: RowPlan.Node, _ definitionLevel: Int, _ level: Int) {
        for leaf in node.leaves {
            leaves[leaf]._withUnsafeGuaranteedRef {
                $0.appendNull(definitionLevel: definitionLevel, repetitionLevel: level)
            }
        }
    }

    /// - Returns: Whether something has been appended.
    private mutating func writeLeaf(
        _ value: JSONElement, _ node: RowPlan.Node, _ leaf: LeafBuffer, _ level: Int
    ) -> Bool {
        switch (node.kind, value.kind) {
        case (.string, .string):
            if let plain = value.plainStringBytes {
                leaf.append(plain, repetitionLevel: level)
            } else {
                leaf.append(value.string ?? "", repetitionLevel: level)
            }
        case (.double, .number):
            let number = value.double ?? .nan
            guard number.isFinite else { return mismatch() }
            if value.rawBytes.count > Self.exactByteCount, !Self.isExact(value, number) { needsOverflow = true }
            leaf.append(number, repetitionLevel: level)
        case (.integer, .number):
            guard let integer = value.int else { return mismatch() }
            leaf.append(Int64(integer), repetitionLevel: level)
        case (.bool, .bool):
            leaf.append(value.bool ?? false, repetitionLevel: level)
        case (.json, _):
            scratch.removeAll(keepingCapacity: true)
            value.writeMinified(to: &scratch)
            scratch.withUnsafeBytes { leaf.append($0, repetitionLevel: level) }
        case (.time, .string):
            guard let text = value.plainStringBytes, let timestamp = Timestamp(text) else { return mismatch() }
            if !plan.formats[node.detail].matches(text, microseconds: timestamp.microseconds) { needsOverflow = true }
            leaf.append(timestamp.microseconds, repetitionLevel: level)
        case (.geometry, .object):
            scratch.removeAll(keepingCapacity: true)
            guard WKBTranscoder.append(value, to: &scratch) else {
                return writeIrregularGeometry(value, leaf, level)
            }
            scratch.withUnsafeBytes { leaf.append($0, repetitionLevel: level) }
        default:
            return mismatch()
        }
        return true
    }

    /// Integers of so many digits are exact as doubles.
    private static let exactByteCount = 15

    /// Whether a number is no integer, or one that the double holds.
    static func isExact(_ value: JSONElement, _ number: Double) -> Bool {
        guard value.rawBytes.allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") }) else { return true }
        return value.int.map { Int(exactly: number) == $0 } ?? false
    }

    /// A geometry with heights in some positions only, or with additional members: writes the searchable part; the
    /// overflow column holds the rest.
    private mutating func writeIrregularGeometry(_ value: JSONElement, _ leaf: LeafBuffer, _ level: Int) -> Bool {
        needsOverflow = true
        guard let geometry = try? Geometry(geoJSON: value) else { return false }
        geometry.wkb.withUnsafeBytes { leaf.append($0, repetitionLevel: level) }
        return true
    }

    private mutating func mismatch() -> Bool {
        isMismatch = true
        return false
    }
}

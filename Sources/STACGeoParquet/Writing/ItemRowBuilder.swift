import Geo
public import JSON
public import Parquet
import Temporal

/// Takes Items apart into the columns of one row group. Use one per thread.
public final class ItemRowBuilder {
    /// An Item does not suit the schema: the file needs a wider one.
    public struct Misfit: Error, Hashable, Sendable, CustomStringConvertible {
        public let id: String
        public var description: String { "the Item \"\(id)\" has values that the columns do not hold" }
    }

    public let schema: ItemSchema
    private let builder: RowGroupBuilder
    private let properties: [ColumnNode]
    private let propertyTable: MemberTable
    private let firstPropertyStamp: Int
    /// By the order of `ItemShape.topNames`.
    private let top: [ColumnNode]
    private let remainder: LeafBuffer?

    /// Which member of a structure, by its number, has been met in which of all structures so far.
    private var stamps: [UInt32]
    private var structureCount: UInt32 = 0
    /// Whether the Item at hand has something that the columns do not hold.
    private var needsRemainder = false
    private var isMisfit = false
    private var scratch: [UInt8] = []

    public init(schema: ItemSchema, settings: WriterSettings) throws(ParquetError) {
        self.schema = schema
        builder = try RowGroupBuilder(schema: schema.fileSchema, settings: settings)
        var counters = ColumnNode.Counters()
        var top: [ColumnNode] = []
        for field in schema.top { top.append(ColumnNode(field, &counters)) }
        self.top = top
        var table = MemberTable()
        var properties: [ColumnNode] = []
        firstPropertyStamp = counters.stamp
        counters.stamp += schema.properties.count
        for field in schema.properties {
            _ = table.append(field.name)
            properties.append(ColumnNode(field, &counters))
        }
        self.properties = properties
        propertyTable = table
        remainder = schema.hasRemainder ? builder.leaves[counters.leaf] : nil
        stamps = [UInt32](repeating: 0, count: counters.stamp)
    }

    public var rowCount: Int { builder.rowCount }
    /// About as many bytes as the rows take in memory.
    public var byteCount: Int { builder.byteCount }

    /// The rows as they will lie in the file; the builder is empty then.
    public func encode() throws(ParquetError) -> EncodedRowGroup { try builder.encode() }

    /// Appends one Item as a row.
    ///
    /// - Throws: `Misfit`; the builder is of no use then.
    public func append(_ item: JSONElement) throws(Misfit) {
        needsRemainder = false
        isMisfit = false
        writeItem(item)
        if needsRemainder {
            if let remainder {
                remainder.append(Remainder.text(of: item, schema))
            } else {
                isMisfit = true
            }
        } else {
            remainder?.appendNull(definitionLevel: 0)
        }
        guard !isMisfit else { throw Misfit(id: item.member("id")?.string ?? "") }
        builder.endRow()
    }

    // MARK: Item

    private func writeItem(_ item: JSONElement) {
        var values: (
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
                needsRemainder = true
            }
        }
        write(values.0, top[0], 0)
        write(values.1, top[1], 0)
        write(values.2, top[2], 0)
        write(values.3, top[3], 0)
        write(values.4, top[4], 0)
        writeBox(values.5, top[5])
        write(values.6, top[6], 0)
        write(values.7, top[7], 0)
        write(values.8, top[8], 0)
        guard let object = values.properties, object.kind == .object else {
            needsRemainder = true
            for node in properties { writeMissing(node, node.definitionLevel - 1, 0) }
            return
        }
        writeMembers(object, propertyTable, properties, firstPropertyStamp, 0, isTop: true)
    }

    private func writeBox(_ value: JSONElement?, _ node: ColumnNode) {
        guard let value, BoundingBoxColumns.isRegular(value), schema.hasHeights || value.count == 4 else {
            if let value {
                needsRemainder = true
                if value.count == 6, BoundingBoxColumns.isRegular(value) { isMisfit = true }
            }
            return writeMissing(node, 0, 0)
        }
        let hasHeights = value.count == 6
        var leaf = node.leaves.lowerBound
        for (place, number) in value.elements.enumerated() {
            builder.leaves[leaf].append(number.double ?? 0)
            leaf += 1
            // A box without heights among those with them.
            if schema.hasHeights, !hasHeights, place % 2 == 1 {
                builder.leaves[leaf].appendNull(definitionLevel: 1)
                leaf += 1
            }
        }
    }

    // MARK: Values

    /// - Parameter level: Repetition level of the first entry.
    private func write(_ value: JSONElement?, _ node: ColumnNode, _ level: Int) {
        guard let value, !value.isNull else {
            if (value != nil) != node.meansNull { needsRemainder = true }
            return writeMissing(node, node.definitionLevel - 1, level)
        }
        switch node.kind {
        case .leaf(let type):
            if !writeLeaf(value, type, builder.leaves[node.leaves.lowerBound], level) {
                writeMissing(node, node.definitionLevel - 1, level)
            }
        case .list(let element):
            guard value.kind == .array else { return writeMisfit(node, level) }
            var level = level
            var isEmpty = true
            for part in value.elements {
                write(part, element, level)
                level = node.repetitionLevel
                isEmpty = false
            }
            if isEmpty { writeMissing(node, node.definitionLevel, level) }
        case .structure(let table, let nodes, let firstStamp):
            guard value.kind == .object else { return writeMisfit(node, level) }
            writeMembers(value, table, nodes, firstStamp, level, isTop: false)
        }
    }

    private func writeMembers(
        _ object: JSONElement, _ table: MemberTable, _ nodes: [ColumnNode], _ firstStamp: Int, _ level: Int,
        isTop: Bool
    ) {
        structureCount &+= 1
        let stamp = structureCount
        var hint = 0
        var metCount = 0
        for (name, value) in object.members {
            guard let place = table.place(of: name, hint: &hint), stamps[firstStamp + place] != stamp else {
                writeUnknown(name, value, isTop: isTop)
                continue
            }
            stamps[firstStamp + place] = stamp
            metCount += 1
            write(value, nodes[place], level)
        }
        guard metCount < nodes.count else { return }
        for place in nodes.indices where stamps[firstStamp + place] != stamp {
            write(nil, nodes[place], level)
        }
    }

    /// A member without a column: only null, a name that is taken, and the second of its name may be left to the
    /// remainder; anything else asks for a column of its own.
    private func writeUnknown(_ name: JSONElement, _ value: JSONElement, isTop: Bool) {
        needsRemainder = true
        guard !value.isNull else { return }
        if isTop, let name = name.string, ItemSchema.isReserved(name) { return }
        isMisfit = true
    }

    private func writeMisfit(_ node: ColumnNode, _ level: Int) {
        isMisfit = true
        writeMissing(node, node.definitionLevel - 1, level)
    }

    private func writeMissing(_ node: ColumnNode, _ definitionLevel: Int, _ level: Int) {
        for leaf in node.leaves {
            builder.leaves[leaf].appendNull(definitionLevel: definitionLevel, repetitionLevel: level)
        }
    }

    /// - Returns: Whether something has been appended.
    private func writeLeaf(_ value: JSONElement, _ type: ColumnType, _ leaf: LeafBuffer, _ level: Int) -> Bool {
        switch (type, value.kind) {
        case (.string, .string):
            if let plain = value.plainStringBytes {
                leaf.append(plain, repetitionLevel: level)
            } else {
                leaf.append(value.string ?? "", repetitionLevel: level)
            }
        case (.double, .number):
            let number = value.double ?? .nan
            guard number.isFinite else { return misfit() }
            leaf.append(number, repetitionLevel: level)
        case (.integer, .number):
            guard let integer = value.int else { return misfit() }
            leaf.append(Int64(integer), repetitionLevel: level)
        case (.bool, .bool):
            leaf.append(value.bool ?? false, repetitionLevel: level)
        case (.json, _):
            scratch.removeAll(keepingCapacity: true)
            value.writeMinified(to: &scratch)
            scratch.withUnsafeBytes { leaf.append($0, repetitionLevel: level) }
        case (.time(let format), .string):
            guard let text = value.plainStringBytes, let timestamp = Timestamp(text) else { return misfit() }
            if !format.matches(text, microseconds: timestamp.microseconds) { needsRemainder = true }
            leaf.append(timestamp.microseconds, repetitionLevel: level)
        case (.geometry, .object):
            scratch.removeAll(keepingCapacity: true)
            guard WKBTranscoder.append(value, to: &scratch) else {
                return writeIrregularGeometry(value, leaf, level)
            }
            scratch.withUnsafeBytes { leaf.append($0, repetitionLevel: level) }
        default:
            return misfit()
        }
        return true
    }

    /// A geometry with heights here and there, or with members of its own: what can be searched, and the rest elsewhere.
    private func writeIrregularGeometry(_ value: JSONElement, _ leaf: LeafBuffer, _ level: Int) -> Bool {
        needsRemainder = true
        guard let geometry = try? Geometry(geoJSON: value) else { return false }
        geometry.wkb.withUnsafeBytes { leaf.append($0, repetitionLevel: level) }
        return true
    }

    private func misfit() -> Bool {
        isMisfit = true
        return false
    }
}

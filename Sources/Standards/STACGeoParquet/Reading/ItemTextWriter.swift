import JSON
import Parquet

/// Puts the columns of a slice together to Items, row by row, as JSON text.
///
/// Source: [Dremel, record assembly](https://research.google/pubs/dremel-interactive-analysis-of-web-scale-datasets-2/).
struct ItemTextWriter {
    /// The plan's.
    private let nodes: UnsafeBufferPointer<ReadPlan.Node>
    private let texts: UnsafeBufferPointer<UInt8>
    private let leaves: UnsafeMutableBufferPointer<LeafSlice>
    private(set) var output: [UInt8] = []
    /// The first column with a value that cannot be written.
    private(set) var faultyLeaf: Int?
    /// Whether columns do not fit together.
    private(set) var isBroken = false

    init(
        nodes: UnsafeBufferPointer<ReadPlan.Node>, texts: UnsafeBufferPointer<UInt8>,
        leaves: UnsafeMutableBufferPointer<LeafSlice>, output: consuming [UInt8]
    ) {
        self.nodes = nodes
        self.texts = texts
        self.leaves = leaves
        self.output = output
    }

    /// Appends the next row.
    mutating func writeItem(_ steps: [ReadPlan.Step]) {
        output.append(UInt8(ascii: "{"))
        for step in steps {
            switch step {
            case .member(let slot): writeMember(slot)
            case .constant(let text):
                writeComma()
                output.append(contentsOf: UnsafeBufferPointer(rebasing: texts[text]))
            case .properties(let members):
                for slot in members { writeMember(slot) }
                output.append(UInt8(ascii: "}"))
            }
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Between members: nothing that is written before a comma ends like an object that has just begun.
    @inline(__always)
    private mutating func writeComma() {
        if output.last != UInt8(ascii: "{") { output.append(UInt8(ascii: ",")) }
    }

    private mutating func writeMember(_ slot: Int) {
        let node = nodes[slot]
        let start = output.count
        if exists(node) {
            writeComma()
            output.append(contentsOf: UnsafeBufferPointer(rebasing: texts[node.key]))
            let valueStart = output.count
            write(node)
            if node.isDroppedWhenEmpty, output.count == valueStart + 2, node.kind == .structure {
                output.removeSubrange(start...)
            }
        } else {
            if !node.missing.isEmpty {
                writeComma()
                output.append(contentsOf: UnsafeBufferPointer(rebasing: texts[node.key]))
                output.append(contentsOf: UnsafeBufferPointer(rebasing: texts[node.missing]))
            }
            skip(node.leaves)
        }
    }

    /// Whether the next entry is a value rather than a placeholder for none.
    @inline(__always)
    private mutating func exists(_ node: ReadPlan.Node) -> Bool {
        guard let first = node.leaves.first, let level = leaves[first].definitionLevel else { return false }
        switch node.kind {
        case .value: return leaves[first].hasValue
        case .box: return level >= node.definitionLevel && leaves[nodes[node.first].leaves.lowerBound].hasValue
        default: return level >= node.definitionLevel
        }
    }

    private mutating func skip(_ range: Range<Int>) {
        for leaf in range where !leaves[leaf].advance() { isBroken = true }
    }

    private mutating func write(_ node: ReadPlan.Node) {
        switch node.kind {
        case .value: writeValue(node.leaves.lowerBound)
        case .structure:
            output.append(UInt8(ascii: "{"))
            for slot in node.first..<node.first + node.memberCount { writeMember(slot) }
            output.append(UInt8(ascii: "}"))
        case .box: writeBox(node)
        case .list:
            output.append(UInt8(ascii: "["))
            let element = nodes[node.first]
            forEachEntry(node) { writer in
                if writer.output.last != UInt8(ascii: "[") { writer.output.append(UInt8(ascii: ",")) }
                if writer.exists(element) {
                    writer.write(element)
                } else {
                    writer.output.append(contentsOf: UnsafeBufferPointer(rebasing: writer.texts[element.missing]))
                    writer.skip(element.leaves)
                }
            }
            output.append(UInt8(ascii: "]"))
        case .map:
            output.append(UInt8(ascii: "{"))
            forEachEntry(node) { $0.writeEntry(node) }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Calls `body` for each element of a list or map; it takes one entry at least.
    @inline(__always)
    private mutating func forEachEntry(_ node: ReadPlan.Node, _ body: (inout Self) -> Void) {
        let first = node.leaves.lowerBound
        guard let level = leaves[first].definitionLevel, level >= node.entryLevel else { return skip(node.leaves) }
        repeat {
            body(&self)
        } while !isBroken && leaves[first].repetitionLevel == node.repetitionLevel
    }

    private mutating func writeEntry(_ node: ReadPlan.Node) {
        let key = nodes[node.first]
        writeComma()
        if key.kind == .value, exists(key) {
            let start = output.count
            write(key)
            // Names are strings, also when the keys are not.
            if start < output.count, output[start] != UInt8(ascii: "\"") {
                output.insert(UInt8(ascii: "\""), at: start)
                output.append(UInt8(ascii: "\""))
            }
        } else {
            output.append(contentsOf: "\"\"".utf8)
            faultyLeaf = faultyLeaf ?? key.leaves.first
            skip(key.leaves)
        }
        output.append(UInt8(ascii: ":"))
        let value = nodes[node.first + 1]
        if node.memberCount == 2, exists(value) { return write(value) }
        output.append(contentsOf: "null".utf8)
        if node.memberCount == 2 { skip(value.leaves) }
    }

    /// A box without heights has no values for them.
    private mutating func writeBox(_ node: ReadPlan.Node) {
        output.append(UInt8(ascii: "["))
        for (side, slot) in (node.first..<node.first + node.memberCount).enumerated() {
            let leaf = nodes[slot].leaves.lowerBound
            let isHeight = node.memberCount == 6 && side % 3 == 2
            if leaves[leaf].hasValue {
                if output.last != UInt8(ascii: "[") { output.append(UInt8(ascii: ",")) }
                writeValue(leaf)
            } else {
                if !isHeight { faultyLeaf = faultyLeaf ?? leaf }
                if !leaves[leaf].advance() { isBroken = true }
            }
        }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func writeValue(_ leaf: Int) {
        let slice = leaves[leaf]
        let isWritten: Bool
        switch slice.format {
        case .text:
            let text = slice.text
            output.append(contentsOf: text)
            isWritten = !text.isEmpty
        case .double:
            writeJSONNumber(slice.doubles?[slice.value] ?? 0, to: &output)
            isWritten = true
        default: isWritten = write(slice.integers?[slice.value] ?? 0, slice.format)
        }
        if !isWritten {
            faultyLeaf = faultyLeaf ?? leaf
            output.append(contentsOf: "null".utf8)
        }
        _ = leaves[leaf].advance()
    }

    private mutating func write(_ integer: Int64, _ format: LeafFormat) -> Bool {
        switch format {
        case .boolean: output.append(contentsOf: integer == 0 ? "false".utf8 : "true".utf8)
        case .unsignedInteger where integer < 0:
            output.append(contentsOf: String(UInt64(bitPattern: integer)).utf8)
        case .timestamp(let unitsPerSecond, let format):
            return TimeText.append(integer, unitsPerSecond: unitsPerSecond, format, to: &output)
        case .date: return TimeText.append(days: integer, to: &output)
        case .timeOfDay(let unitsPerSecond):
            return TimeText.append(ofDay: integer, unitsPerSecond: unitsPerSecond, to: &output)
        default: writeJSONNumber(integer, to: &output)
        }
        return true
    }
}

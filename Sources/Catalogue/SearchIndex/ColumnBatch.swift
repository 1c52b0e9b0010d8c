import Geo
import STACAPI

/// The type of an Item's property value, as far as columns distinguish it.
enum CellKind: UInt8, Sendable {
    /// No such member, or null.
    case missing
    case number
    /// A string that parses as a date and time; stored as the instant.
    case timestamp
    case string
    case `false`
    case `true`
    /// An array, an object or a very long string: read from the Item's body.
    case complex
}

/// The searchable part of some Items of one collection, by columns: the input of segments.
public struct ColumnBatch: Sendable {
    struct Column: Sendable {
        let name: String
        /// Whether free-text search covers it.
        let isText: Bool
        /// One per row; trailing rows may be left out and count as missing.
        var kinds: [CellKind] = []
        /// Bits of a double, microseconds, or a location in `text`: offset << 24 | length.
        var payload: [UInt64] = []

        init(name: String) {
            self.name = name
            isText = FreeTextDocument.isText(property: name)
        }

        mutating func pad(to count: Int) {
            guard kinds.count < count else { return }
            let missing = count - kinds.count
            kinds.append(contentsOf: repeatElement(.missing, count: missing))
            payload.append(contentsOf: repeatElement(0, count: missing))
        }

        mutating func append(_ kind: CellKind, _ bits: UInt64) {
            kinds.append(kind)
            payload.append(bits)
        }

        /// Appends rows of a column of another batch.
        ///
        /// - Parameter moved: Maps locations of strings to those in this batch.
        mutating func append(_ rows: some RandomAccessCollection<Int>, of other: Column, _ moved: (UInt64) -> UInt64) {
            kinds.reserveCapacity(kinds.count + rows.count)
            payload.reserveCapacity(payload.count + rows.count)
            for row in rows {
                guard row < other.kinds.count else {
                    append(.missing, 0)
                    continue
                }
                let kind = other.kinds[row]
                let bits = other.payload[row]
                append(kind, kind == .string ? moved(bits) : bits)
            }
        }
    }

    /// Longer strings count as `complex`.
    static let maximumStringLength = 4096

    public private(set) var count = 0
    /// One per row, set when the Items have been stored; 0 until then.
    var sequences: [Int64] = []
    /// Locations in `text`.
    var ids: [UInt64] = []
    /// Microseconds: the first and last instant of an Item, and its sort time.
    var starts: [Int64] = []
    var ends: [Int64] = []
    var times: [Int64] = []
    /// `nil` for an Item without geometry.
    var boxes: [PlanarBox?] = []
    /// End of each row's geometry in `geometries`; it starts at the end of the previous one.
    var geometryEnds: [Int] = []
    /// WKB, normalised and in two dimensions.
    var geometries: [UInt8] = []
    var columns: [Column] = []
    private(set) var columnNumbers: [ColumnName: Int] = [:]
    /// The `FreeTextDocument` of each row, as a string.
    var documents = Column(name: "")
    /// The document of the row being appended.
    var document = FreeTextDocument()
    var text: [UInt8] = []

    public init() {}

    static func place(offset: Int, length: Int) -> UInt64 { UInt64(offset) << 24 | UInt64(length) }

    func textRange(_ place: UInt64) -> Range<Int> {
        let offset = Int(place >> 24)
        return offset..<offset + Int(place & 0xff_ffff)
    }

    func id(_ row: Int) -> String { String(decoding: text[textRange(ids[row])], as: UTF8.self) }

    func geometryRange(_ row: Int) -> Range<Int> { (row == 0 ? 0 : geometryEnds[row - 1])..<geometryEnds[row] }

    mutating func columnNumber(named name: String) -> Int {
        if let number = columnNumbers[ColumnName(name)] { return number }
        columns.append(Column(name: name))
        columnNumbers[ColumnName(name)] = columns.count - 1
        return columns.count - 1
    }

    mutating func appendText(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        text.append(contentsOf: bytes)
        return Self.place(offset: text.count - bytes.count, length: bytes.count)
    }

    mutating func finishRow() { count += 1 }

    /// Rolls back a row that could not be completed.
    mutating func dropUnfinishedRow() {
        sequences.truncate(to: count)
        ids.truncate(to: count)
        starts.truncate(to: count)
        ends.truncate(to: count)
        times.truncate(to: count)
        boxes.truncate(to: count)
        geometryEnds.truncate(to: count)
        geometries.truncate(to: geometryEnds.last ?? 0)
        for number in columns.indices {
            columns[number].kinds.truncate(to: count)
            columns[number].payload.truncate(to: count)
        }
        documents.kinds.truncate(to: count)
        documents.payload.truncate(to: count)
    }

    public var isEmpty: Bool { count == 0 }

    /// Approximate memory use in bytes.
    public var byteCount: Int {
        text.count + geometries.count + count * (81 + columns.count * 9)
    }
}

extension Array {
    fileprivate mutating func truncate(to count: Int) {
        if self.count > count { removeLast(self.count - count) }
    }
}

extension ColumnBatch {
    /// Appends rows of another batch and sets their sequences.
    ///
    /// - Parameters:
    ///   - rows: Row numbers in `other`.
    ///   - sequences: One for each of `rows`.
    public mutating func append(
        _ rows: some RandomAccessCollection<Int>, of other: ColumnBatch, sequences newSequences: [Int64]
    ) {
        precondition(rows.count == newSequences.count)
        let base = count
        count += rows.count
        sequences.append(contentsOf: newSequences)
        // Copies the other's text as a whole when all rows are appended; otherwise only the strings they refer to.
        let isWhole = rows.count == other.count
        let shift = UInt64(text.count) << 24
        if isWhole { text.append(contentsOf: other.text) }
        func moved(_ place: UInt64, _ text: inout [UInt8]) -> UInt64 {
            if isWhole { return place &+ shift }
            let range = other.textRange(place)
            text.append(contentsOf: other.text[range])
            return Self.place(offset: text.count - range.count, length: range.count)
        }
        for row in rows {
            ids.append(moved(other.ids[row], &text))
            starts.append(other.starts[row])
            ends.append(other.ends[row])
            times.append(other.times[row])
            boxes.append(other.boxes[row])
            geometries.append(contentsOf: other.geometries[other.geometryRange(row)])
            geometryEnds.append(geometries.count)
        }
        for column in other.columns {
            let number = columnNumber(named: column.name)
            columns[number].pad(to: base)
            columns[number].append(rows, of: column) { moved($0, &text) }
        }
        documents.pad(to: base)
        // Adjacent rows mostly share one.
        var last: (old: UInt64, new: UInt64)?
        documents.append(rows, of: other.documents) { place in
            if let last, last.old == place { return last.new }
            let new = moved(place, &text)
            last = (place, new)
            return new
        }
    }

    /// The rows with sequences greater than the given one.
    func rows(after sequence: Int64) -> ColumnBatch {
        let rows = sequences.indices.filter { sequences[$0] > sequence }
        if rows.count == count { return self }
        var batch = ColumnBatch()
        batch.append(rows, of: self, sequences: rows.map { sequences[$0] })
        return batch
    }

    /// The batch with its rows' sequences, when all of them have been stored.
    public func stored(as newSequences: [Int64]) -> ColumnBatch {
        precondition(newSequences.count == count)
        var batch = self
        batch.sequences = newSequences
        return batch
    }
}

extension UnsafeRawBufferPointer {
    /// The string at a location in a `ColumnBatch`.
    @inline(__always)
    func at(_ place: UInt64) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[Int(place >> 24)..<Int(place >> 24) + Int(place & 0xff_ffff)])
    }
}

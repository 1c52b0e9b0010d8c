public import Geo
public import JSON
import STACAPI
import Temporal

/// The reason why an Item cannot be indexed, and the path to the fault.
public struct IndexingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Such as `properties.datetime`.
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}

extension ColumnBatch {
    /// The box of the last row's geometry; `nil` when it has none.
    public var lastBox: PlanarBox? { boxes.last ?? nil }

    /// Appends the row of one Item.
    ///
    /// - Parameter item: A validated Item.
    /// - Throws: `IndexingError` for a geometry or a time that cannot be read, or a duplicate property; the batch is
    ///   then unchanged.
    public mutating func append(item: JSONElement) throws(IndexingError) {
        do {
            try appendRow(item)
            finishRow()
        } catch {
            dropUnfinishedRow()
            throw error
        }
    }

    private mutating func appendRow(_ item: JSONElement) throws(IndexingError) {
        guard let id = item.member("id"), let properties = item.member("properties") else {
            throw IndexingError(path: "id", reason: "an Item needs id and properties")
        }
        sequences.append(0)
        document.removeAll()
        if let plain = id.plainStringBytes {
            ids.append(appendText(plain))
        } else {
            var text = id.string ?? ""
            ids.append(text.withUTF8 { appendText(UnsafeRawBufferPointer($0)) })
        }
        do {
            boxes.append(
                try item.member("geometry").flatMap { geometry throws(GeoError) in
                    try FootprintEncoder.appendWKB(geoJSON: geometry, bbox: item.member("bbox"), to: &geometries)
                })
        } catch {
            throw IndexingError(path: "geometry", reason: "\(error)")
        }
        geometryEnds.append(geometries.count)

        var expected = 0
        for (name, value) in properties.members {
            // Items of a collection mostly have the same members in the same order.
            let number: Int
            if expected < columns.count, name.equals(columns[expected].name) {
                number = expected
            } else {
                number = columnNumber(named: name.string ?? "")
            }
            expected = number + 1
            columns[number].pad(to: count)
            guard columns[number].kinds.count == count else {
                throw IndexingError(path: "properties.\(name.string ?? "")", reason: "occurs twice")
            }
            appendCell(value, to: number)
        }
        appendDocument()
        try appendTimes()
    }

    private mutating func appendDocument() {
        guard !document.isEmpty else { return }
        documents.pad(to: count)
        let bytes = document.bytes
        // Items that are loaded together mostly have equal values.
        if documents.kinds.last == .string, let last = documents.payload.last,
            text[textRange(last)].elementsEqual(bytes)
        {
            documents.append(.string, last)
        } else {
            documents.append(.string, bytes.withUnsafeBytes { appendText($0) })
        }
    }

    private mutating func appendCell(_ value: JSONElement, to number: Int) {
        switch value.kind {
        case .null: columns[number].append(.missing, 0)
        case .bool: columns[number].append(value.bool == true ? .true : .false, 0)
        case .number:
            let double = value.double ?? 0
            columns[number].append(double.isFinite ? .number : .complex, double.bitPattern)
        case .string:
            if let plain = value.plainStringBytes {
                appendString(plain, to: number)
            } else {
                var text = value.string ?? ""
                text.withUTF8 { appendString(UnsafeRawBufferPointer($0), to: number) }
            }
        case .array:
            columns[number].append(.complex, 0)
            guard columns[number].isText else { return }
            for element in value.elements where element.kind == .string {
                if let plain = element.plainStringBytes {
                    document.append(plain)
                } else {
                    document.append(element.string ?? "")
                }
            }
        case .object: columns[number].append(.complex, 0)
        }
    }

    private mutating func appendString(_ bytes: UnsafeRawBufferPointer, to number: Int) {
        if let timestamp = Timestamp(bytes, .lenient) {
            columns[number].append(.timestamp, UInt64(bitPattern: timestamp.microseconds))
            return
        }
        if columns[number].isText { document.append(bytes) }
        if bytes.count > Self.maximumStringLength {
            columns[number].append(.complex, 0)
        } else {
            columns[number].append(.string, appendText(bytes))
        }
    }

    /// An Item's times from the columns that have just been filled.
    ///
    /// Source: [STAC common metadata, Date and Time Range](https://github.com/radiantearth/stac-spec/blob/v1.1.0/commons/common-metadata.md#date-and-time-range).
    private mutating func appendTimes() throws(IndexingError) {
        let datetime = time("datetime")
        let start = time("start_datetime")
        let end = time("end_datetime")
        guard let first = start ?? datetime, let last = end ?? datetime ?? start else {
            throw IndexingError(path: "properties.datetime", reason: "neither it nor start_datetime is a date-time")
        }
        starts.append(first)
        ends.append(last)
        times.append(datetime ?? first)
    }

    private func time(_ name: String) -> Int64? {
        guard let number = columnNumbers[ColumnName(name)], columns[number].kinds.count == count + 1,
            columns[number].kinds[count] == .timestamp
        else { return nil }
        return Int64(bitPattern: columns[number].payload[count])
    }
}

extension JSONElement {
    fileprivate func equals(_ text: String) -> Bool {
        // Native strings give their UTF-8 without a copy.
        text.utf8.withContiguousStorageIfAvailable { equals(UnsafeRawBufferPointer($0)) }
            ?? (string?.hasSameBytes(as: text) ?? false)
    }
}

import Geo
import JSON
import Parquet

/// Turns byte arrays into JSON. Not to be used by two threads at once.
final class LeafTextRenderer {
    /// Whether it is I-JSON is seen in the whole Item, whose reader can say where it is not.
    private let reader = JSONReader(.rfc8259)

    /// Appends one value; nothing when it is invalid for its column.
    func append(_ bytes: ArraySlice<UInt8>, as format: LeafFormat.TextFormat, to output: inout [UInt8]) {
        let start = output.count
        let isValid =
            bytes.withUnsafeBytes { bytes in
                switch format {
                case .string: Self.appendString(bytes, to: &output)
                case .json: appendJSON(bytes, to: &output)
                case .geometry: (try? GeoJSONTranscoder.append(bytes, to: &output)) != nil
                case .uuid: Self.appendUUID(bytes, to: &output)
                case .decimal(let scale): Self.appendDecimal(bytes, scale, to: &output)
                case .int96: Self.appendInstant(bytes, to: &output)
                case .bytes: false
                }
            }
        if !isValid { output.removeSubrange(start...) }
    }

    /// The kind that a value without a text fails to be.
    static func expectation(_ format: LeafFormat) -> String {
        switch format {
        case .text(.string): "a value is not UTF-8"
        case .text(.json): "a value is not JSON"
        case .text(.geometry): "a value is not a geometry in well-known binary"
        case .text(.bytes): "bytes cannot be written as JSON"
        case .timestamp, .text(.int96): "an instant is beyond the years 0 to 9999"
        case .date: "a date is beyond the years 0 to 9999"
        case .timeOfDay: "a time is not of a day"
        default: "a value is not of the column's type"
        }
    }

    private static func appendString(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
        output.append(UInt8(ascii: "\""))
        var isPlain = true
        var isASCII = true
        for byte in bytes {
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { isPlain = false }
            if byte >= 0x80 { isASCII = false }
        }
        if !isASCII, String(validating: bytes, as: UTF8.self) == nil { return false }
        guard isPlain else {
            output.removeLast()
            writeJSONString(String(decoding: bytes, as: UTF8.self), to: &output)
            return true
        }
        output.append(contentsOf: bytes)
        output.append(UInt8(ascii: "\""))
        return true
    }

    private func appendJSON(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
        let isMinified = try? reader.read(bytes) { element in
            if reader.whitespaceCount > 0 { element.writeMinified(to: &output) }
            return reader.whitespaceCount == 0
        }
        guard let isMinified else { return false }
        if isMinified { output.append(contentsOf: bytes) }
        return true
    }

    private static func appendUUID(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
        guard bytes.count == 16 else { return false }
        let digits = Array("0123456789abcdef".utf8)
        output.append(UInt8(ascii: "\""))
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { output.append(UInt8(ascii: "-")) }
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        output.append(UInt8(ascii: "\""))
        return true
    }

    private static func appendDecimal(
        _ bytes: UnsafeRawBufferPointer, _ scale: Int, to output: inout [UInt8]
    ) -> Bool {
        // Numbers of very many digits take long to write.
        guard !bytes.isEmpty, bytes.count <= 64, (0...1_000).contains(scale) else { return false }
        output.append(contentsOf: ParquetDecimal(unscaled: Array(bytes), scale: scale).description.utf8)
        return true
    }

    private static func appendInstant(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
        guard let nanoseconds = ParquetValue.nanoseconds(int96: bytes) else { return false }
        return TimeText.append(nanoseconds, unitsPerSecond: 1_000_000_000, nil, to: &output)
    }
}

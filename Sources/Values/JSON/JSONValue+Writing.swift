extension JSONValue {
    /// The value as JSON text in UTF-8, without whitespace, or with two spaces a level when `pretty`.
    public func serialized(pretty: Bool = false) -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, indent: pretty ? 0 : nil)
        return output
    }

    public var jsonText: String { String(decoding: serialized(), as: UTF8.self) }

    /// Appends the value as JSON text without whitespace.
    public func write(to output: inout [UInt8]) {
        write(to: &output, indent: nil)
    }

    private func write(to output: inout [UInt8], indent: Int?) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): output.append(contentsOf: number.text.utf8)
        case .string(let text): writeJSONString(text, to: &output)
        case .array(let array):
            // Coordinates and boxes read better on one line.
            let inner = array.allSatisfy { $0.array == nil && $0.object == nil } ? nil : indent.map { $0 + 1 }
            Self.writeContainer(array, "[", "]", indent: inner, to: &output) { element, output in
                element.write(to: &output, indent: inner)
            }
        case .object(let object):
            let inner = indent.map { $0 + 1 }
            Self.writeContainer(object.members, "{", "}", indent: inner, to: &output) { member, output in
                writeJSONString(member.name, to: &output)
                output.append(UInt8(ascii: ":"))
                if inner != nil { output.append(UInt8(ascii: " ")) }
                member.value.write(to: &output, indent: inner)
            }
        }
    }

    private static func writeContainer<Part>(
        _ parts: [Part], _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, indent: Int?, to output: inout [UInt8],
        _ write: (Part, inout [UInt8]) -> Void
    ) {
        output.append(UInt8(ascii: opening))
        for (index, part) in parts.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if let indent { newLine(indent, to: &output) }
            write(part, &output)
        }
        if let indent, !parts.isEmpty { newLine(indent - 1, to: &output) }
        output.append(UInt8(ascii: closing))
    }

    private static func newLine(_ indent: Int, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
    }
}

/// Appends `text` as a JSON string, quotes included; escapes only the characters that RFC 8259, section 7 requires.
public func writeJSONString(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
        // Most texts have nothing to be escaped, and are copied in one piece.
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 else { continue }
            output.append(contentsOf: bytes[start..<index])
            writeEscaped(byte, to: &output)
            start = index + 1
        }
        output.append(contentsOf: bytes[start...])
    }
    output.append(UInt8(ascii: "\""))
}

private func writeEscaped(_ byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""): output.append(contentsOf: "\\\"".utf8)
    case UInt8(ascii: "\\"): output.append(contentsOf: "\\\\".utf8)
    case 0x0a: output.append(contentsOf: "\\n".utf8)
    case 0x0d: output.append(contentsOf: "\\r".utf8)
    case 0x09: output.append(contentsOf: "\\t".utf8)
    default:
        output.append(contentsOf: "\\u00".utf8)
        output.append(contentsOf: (byte < 16 ? "0" : "").utf8)
        output.append(contentsOf: String(byte, radix: 16).utf8)
    }
}

import SQLDatabase

/// Values by the position of their column, for queries whose columns are known.
extension Row {
    func isNull(_ column: Int) -> Bool { values[column] == .null }

    /// 0 for null.
    func integer(_ column: Int) -> Int64 {
        guard case .integer(let number) = values[column] else { return 0 }
        return number
    }

    func text(_ column: Int) -> String {
        guard case .text(let text) = values[column] else { return "" }
        return text
    }

    func bytes(_ column: Int) -> [UInt8] {
        guard case .bytes(let bytes) = values[column] else { return [] }
        return bytes
    }
}

extension DatabaseValue {
    /// As PostgreSQL writes an array: the text of `CAST(? AS BIGINT[])`.
    static func array(_ numbers: some Sequence<Int64>) -> DatabaseValue {
        .text("{" + numbers.map(String.init).joined(separator: ",") + "}")
    }

    /// The text of `CAST(? AS TEXT[])`.
    static func array(_ texts: some Sequence<String>) -> DatabaseValue {
        var bytes = Array("{".utf8)
        for text in texts {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        return .text(String(decoding: bytes, as: UTF8.self))
    }
}

/// A text that is equal to another one if their bytes are: `é` as one scalar and as two are two.
struct ByteString: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// Appends `text` as a path segment or query value: all but the unreserved characters escaped.
///
/// Source: [RFC 3986, section 2](https://www.rfc-editor.org/rfc/rfc3986#section-2).
public func appendPercentEncoded(_ text: String, to output: inout [UInt8]) {
    for byte in text.utf8 {
        if isUnreserved(byte) {
            output.append(byte)
        } else {
            output.append(UInt8(ascii: "%"))
            output.append(hexDigit(byte >> 4))
            output.append(hexDigit(byte & 15))
        }
    }
}

public func percentEncoded(_ text: String) -> String {
    if text.utf8.allSatisfy(isUnreserved) { return text }
    var output: [UInt8] = []
    appendPercentEncoded(text, to: &output)
    return String(decoding: output, as: UTF8.self)
}

/// - Parameter plusIsSpace: In queries, as HTML forms and Python's `urlencode` write them.
/// - Returns: `nil` when an escape is incomplete or the result is not UTF-8.
public func percentDecoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
    let escape = UInt8(ascii: "%")
    guard text.utf8.contains(where: { $0 == escape || (plusIsSpace && $0 == UInt8(ascii: "+")) }) else {
        return String(text)
    }
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count)
    var bytes = text.utf8.makeIterator()
    while let byte = bytes.next() {
        if byte == escape {
            guard let high = bytes.next().flatMap(hexValue), let low = bytes.next().flatMap(hexValue) else {
                return nil
            }
            output.append(high << 4 | low)
        } else {
            output.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
    }
    return String(validating: output, as: UTF8.self)
}

@inline(__always)
private func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        true
    default: false
    }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}

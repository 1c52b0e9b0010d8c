import JSON
public import Temporal

/// Writes JSON straight into bytes, commas included.
///
/// It trusts its caller to open, name and close in the right order; tests parse the output.
public struct JSONText: Sendable {
    public var bytes: [UInt8] = []
    private var needsComma = false

    public init(capacity: Int = 4_096) {
        bytes.reserveCapacity(capacity)
    }

    // MARK: Values

    public mutating func object(_ name: StaticString, _ body: (inout JSONText) -> Void) {
        self.name(name)
        object(body)
    }

    public mutating func object(_ body: (inout JSONText) -> Void) {
        enclose("{", "}", body)
    }

    public mutating func array(_ name: StaticString, _ body: (inout JSONText) -> Void) {
        self.name(name)
        enclose("[", "]", body)
    }

    public mutating func string(_ name: StaticString, _ value: String) {
        self.name(name)
        string(value)
    }

    public mutating func string(_ value: String) {
        separate()
        writeJSONString(value, to: &bytes)
        needsComma = true
    }

    /// A string that `body` appends, without anything that needs an escape.
    public mutating func text(_ name: StaticString, _ body: (inout [UInt8]) -> Void) {
        self.name(name)
        bytes.append(UInt8(ascii: "\""))
        body(&bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A value that is JSON already.
    public mutating func raw(_ value: [UInt8]) {
        separate()
        bytes.append(contentsOf: value)
        needsComma = true
    }

    /// Continues as after an opening bracket or a comma, regardless of bytes that were appended from outside.
    public mutating func restart() {
        needsComma = false
    }

    public mutating func integer(_ name: StaticString, _ value: Int) {
        self.name(name)
        decimal(value, places: 0)
    }

    /// A number given in units of its last decimal: 12345 with three places is 12.345.
    public mutating func decimal(_ name: StaticString, _ value: Int, places: Int) {
        self.name(name)
        decimal(value, places: places)
    }

    public mutating func decimal(_ value: Int, places: Int) {
        separate()
        appendDecimal(value, places: places, to: &bytes)
        needsComma = true
    }

    /// A number rounded to so many decimals.
    public mutating func number(_ name: StaticString, _ value: Double, places: Int) {
        var unit = 1.0
        for _ in 0..<places { unit *= 10 }
        decimal(name, Int((value * unit).rounded()), places: places)
    }

    public mutating func null(_ name: StaticString) {
        self.name(name)
        bytes.append(contentsOf: "null".utf8)
        needsComma = true
    }

    public mutating func strings(_ name: StaticString, _ values: [String]) {
        array(name) { text in for value in values { text.string(value) } }
    }

    /// An instant with six digits of fraction.
    public mutating func time(_ name: StaticString, _ time: Timestamp) {
        self.name(name)
        bytes.append(UInt8(ascii: "\""))
        appendTime(time, .extended, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// The members `geometry` and `bbox`.
    public mutating func footprint(_ footprint: Footprint) {
        name("geometry")
        appendGeometry(footprint, to: &bytes)
        needsComma = true
        name("bbox")
        appendBBox(footprint, to: &bytes)
        needsComma = true
    }

    public mutating func name(_ name: StaticString) {
        self.name(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// A member's name that is not known at compile time and needs no escapes.
    public mutating func name(_ name: String) {
        var name = name
        name.withUTF8 { self.name($0) }
    }

    private mutating func name(_ name: UnsafeBufferPointer<UInt8>) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func enclose(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ body: (inout JSONText) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: opening))
        body(&self)
        bytes.append(UInt8(ascii: closing))
        needsComma = true
    }
}

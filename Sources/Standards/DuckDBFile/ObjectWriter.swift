/// Writes objects the way DuckDB serialises its catalogue: fields by number, each object ended by a mark.
///
/// A field is its number (16 bits, little endian) and its value. Unsigned integers have seven bits to a byte, the lowest
/// first, the eighth bit set but in the last; texts and lists begin with their count. A field whose value is the default
/// is left out.
struct ObjectWriter {
    private(set) var bytes: [UInt8] = []

    mutating func integer(_ value: Int) {
        var rest = UInt(value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func text(_ text: String) {
        integer(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func field(_ number: UInt16, _ value: Int) {
        begin(number)
        integer(value)
    }

    mutating func field(_ number: UInt16, _ value: String) {
        begin(number)
        text(value)
    }

    /// An object that is always there.
    mutating func field(_ number: UInt16, object: (inout ObjectWriter) -> Void) {
        begin(number)
        self.object(object)
    }

    /// An object that might be missing, and is not.
    mutating func field(_ number: UInt16, present object: (inout ObjectWriter) -> Void) {
        begin(number)
        present(object)
    }

    mutating func field<Element>(
        _ number: UInt16, list: [Element], _ element: (inout ObjectWriter, Element) -> Void
    ) {
        begin(number, count: list.count)
        for value in list { element(&self, value) }
    }

    /// The beginning of a list, `count` elements of which follow.
    mutating func begin(_ number: UInt16, count: Int) {
        begin(number)
        integer(count)
    }

    mutating func object(_ fields: (inout ObjectWriter) -> Void) {
        fields(&self)
        bytes.append(contentsOf: [0xFF, 0xFF])
    }

    mutating func present(_ fields: (inout ObjectWriter) -> Void) {
        integer(1)
        object(fields)
    }

    private mutating func begin(_ number: UInt16) {
        bytes.appendLittleEndian(number)
    }
}

extension [UInt8] {
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

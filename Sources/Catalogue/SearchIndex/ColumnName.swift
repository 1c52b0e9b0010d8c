/// A property's name, equal only to one of the same bytes: to `String`, `é` composed and decomposed are the same, and
/// to JSON they are not.
struct ColumnName: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: ColumnName, right: ColumnName) -> Bool { left.text.hasSameBytes(as: right.text) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Equality of ids and names: by bytes, not by what Unicode calls equivalent.
    func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

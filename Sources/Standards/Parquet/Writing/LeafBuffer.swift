/// Collects one row group's values and levels of one column.
///
/// The caller gives the levels as the format defines them: a definition level below the column's largest means that
/// there is no value, a repetition level of 0 begins a row.
///
/// Source: [Parquet, nested encoding](https://parquet.apache.org/docs/file-format/nestedencoding/).
public final class LeafBuffer {
    public let leaf: SchemaLeaf
    /// In one piece: every append enters it once, and then needs no look at who else does.
    private(set) var content: LeafContent

    init(leaf: SchemaLeaf, settings: ColumnSettings) {
        self.leaf = leaf
        content = LeafContent(leaf: leaf, settings: settings)
    }

    func removeAll() { content.removeAll() }

    /// Ends a unit, which is at the end of a row.
    func endUnit(rowCount: Int) { content.endUnit(rowCount: rowCount) }

    /// Nearly as many distinct values as values: a dictionary would make them longer.
    func giveUpPoorDictionary() {
        guard content.valueCount > 8, content.dictionaryCount * 3 > content.valueCount * 2 else { return }
        content.giveUpDictionary()
    }

    /// About as many bytes as the values take.
    var byteCount: Int { content.byteCount }

    /// Appends a missing value: `definitionLevel` identifies the missing ancestor.
    public func appendNull(definitionLevel: Int, repetitionLevel: Int = 0) {
        content.appendNull(definitionLevel: definitionLevel, repetitionLevel: repetitionLevel)
    }

    public func append(_ value: Bool, repetitionLevel: Int = 0) { appendWord(value ? 1 : 0, repetitionLevel) }

    public func append(_ value: Int32, repetitionLevel: Int = 0) {
        appendWord(UInt64(bitPattern: Int64(value)), repetitionLevel)
    }

    public func append(_ value: Int64, repetitionLevel: Int = 0) {
        appendWord(UInt64(bitPattern: value), repetitionLevel)
    }

    public func append(_ value: Float, repetitionLevel: Int = 0) {
        appendWord(UInt64(value.bitPattern), repetitionLevel)
    }

    public func append(_ value: Double, repetitionLevel: Int = 0) { appendWord(value.bitPattern, repetitionLevel) }

    private func appendWord(_ word: UInt64, _ repetitionLevel: Int) {
        precondition(!content.holdsByteArrays, "\(leaf.path) holds byte arrays")
        content.append(word, repetitionLevel: repetitionLevel)
    }

    public func append(_ value: String, repetitionLevel: Int = 0) {
        var value = value
        value.withUTF8 { append(UnsafeRawBufferPointer($0), repetitionLevel: repetitionLevel) }
    }

    /// Appends a byte array, or one of fixed length with exactly the schema's byte count.
    public func append(_ bytes: UnsafeRawBufferPointer, repetitionLevel: Int = 0) {
        precondition(content.holdsByteArrays, "\(leaf.path) does not hold byte arrays")
        precondition(
            leaf.physicalType == .byteArray || bytes.count == leaf.typeLength, "\(leaf.path): another length")
        content.append(bytes, repetitionLevel: repetitionLevel)
    }
}

/// Collects one row group's values and levels of one column.
///
/// The caller gives the levels as the format defines them: a definition level below the column's largest means that
/// there is no value, a repetition level of 0 begins a row.
///
/// Source: [Parquet, nested encoding](https://parquet.apache.org/docs/file-format/nestedencoding/).
public final class LeafBuffer {
    public let leaf: SchemaLeaf
    let settings: ColumnSettings

    private(set) var definitionLevels: [UInt8] = []
    private(set) var repetitionLevels: [UInt8] = []
    /// Entries: values and their absences.
    private(set) var entryCount = 0
    private(set) var valueCount = 0

    /// Values of fixed size by their bits: those of a dictionary, or all of them.
    private(set) var words: [UInt64] = []
    /// Byte arrays, one behind the other: those of a dictionary, or all of them.
    private(set) var heap: [UInt8] = []
    private(set) var ends: [Int] = []

    /// Places of the values in the dictionary; `nil` when it has been given up.
    private(set) var places: [UInt32]?
    private var table = ValueTable()
    /// Where the last value stands in the dictionary: runs of one value need no search.
    private var lastPlace = 0

    /// What has been collected at the ends of the units that pages are made of.
    private(set) var units: [Unit] = []

    struct Unit {
        var rowEnd: Int
        var entryEnd: Int
        var valueEnd: Int
    }

    private let holdsByteArrays: Bool
    private let maxDefinitionLevel: UInt8
    private let hasRepetitions: Bool

    init(leaf: SchemaLeaf, settings: ColumnSettings) {
        self.leaf = leaf
        self.settings = settings
        holdsByteArrays = leaf.physicalType == .byteArray || leaf.physicalType == .fixedLengthByteArray
        maxDefinitionLevel = UInt8(leaf.maxDefinitionLevel)
        hasRepetitions = leaf.maxRepetitionLevel > 0
        places = Self.mayHaveDictionary(leaf, settings) ? [] : nil
    }

    private static func mayHaveDictionary(_ leaf: SchemaLeaf, _ settings: ColumnSettings) -> Bool {
        settings.usesDictionary && leaf.physicalType != .boolean
    }

    func removeAll() {
        definitionLevels.removeAll(keepingCapacity: true)
        repetitionLevels.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        units.removeAll(keepingCapacity: true)
        (entryCount, valueCount, lastPlace) = (0, 0, 0)
        table.removeAll()
        guard Self.mayHaveDictionary(leaf, settings) else { return }
        if places == nil { places = [] } else { places?.removeAll(keepingCapacity: true) }
    }

    /// Ends a unit, which is at the end of a row.
    func endUnit(rowCount: Int) {
        units.append(Unit(rowEnd: rowCount, entryEnd: entryCount, valueEnd: valueCount))
    }

    /// About as many bytes as the values take.
    var byteCount: Int { words.count * 8 + heap.count + ends.count * 4 + (places?.count ?? 0) * 4 + entryCount }

    // MARK: Appending

    /// No value: `definitionLevel` says which ancestor is missing.
    @inline(__always)
    public func appendNull(definitionLevel: Int, repetitionLevel: Int = 0) {
        if hasRepetitions { repetitionLevels.append(UInt8(truncatingIfNeeded: repetitionLevel)) }
        definitionLevels.append(UInt8(truncatingIfNeeded: definitionLevel))
        entryCount += 1
    }

    @inline(__always)
    private func beginValue(_ repetitionLevel: Int) {
        if hasRepetitions { repetitionLevels.append(UInt8(truncatingIfNeeded: repetitionLevel)) }
        if maxDefinitionLevel > 0 { definitionLevels.append(maxDefinitionLevel) }
        entryCount += 1
        valueCount += 1
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
        precondition(!holdsByteArrays, "\(leaf.path) holds byte arrays")
        beginValue(repetitionLevel)
        guard places != nil else {
            words.append(word)
            return
        }
        if lastPlace < words.count, words[lastPlace] == word {
            places?.append(UInt32(lastPlace))
            return
        }
        let place = table.place(ValueHash.hash(word)) { words[$0] == word }
        if place == words.count {
            words.append(word)
            table.growIfNeeded { ValueHash.hash(words[$0]) }
        }
        lastPlace = place
        places?.append(UInt32(place))
        if place == words.count - 1 { reconsiderDictionary() }
    }

    public func append(_ value: String, repetitionLevel: Int = 0) {
        var value = value
        value.withUTF8 { append(UnsafeRawBufferPointer($0), repetitionLevel: repetitionLevel) }
    }

    /// Appends a byte array, or one of fixed length, whose bytes must be as many as the schema says.
    public func append(_ bytes: UnsafeRawBufferPointer, repetitionLevel: Int = 0) {
        precondition(holdsByteArrays, "\(leaf.path) does not hold byte arrays")
        precondition(
            leaf.physicalType == .byteArray || bytes.count == leaf.typeLength, "\(leaf.path): another length")
        beginValue(repetitionLevel)
        guard places != nil else {
            heap.append(contentsOf: bytes)
            ends.append(heap.count)
            return
        }
        if lastPlace < ends.count, isValue(lastPlace, bytes) {
            places?.append(UInt32(lastPlace))
            return
        }
        let place = table.place(ValueHash.hash(bytes)) { isValue($0, bytes) }
        if place == ends.count {
            heap.append(contentsOf: bytes)
            ends.append(heap.count)
            table.growIfNeeded { place in withValue(place) { ValueHash.hash($0) } }
        }
        lastPlace = place
        places?.append(UInt32(place))
        if place == ends.count - 1 { reconsiderDictionary() }
    }

    @inline(__always)
    private func isValue(_ place: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = place == 0 ? 0 : ends[place - 1]
        guard ends[place] - start == bytes.count else { return false }
        return heap.withUnsafeBytes { heap in
            UnsafeRawBufferPointer(rebasing: heap[start..<start + bytes.count]).elementsEqual(bytes)
        }
    }

    private func withValue<Result>(_ place: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = place == 0 ? 0 : ends[place - 1]
        return heap.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<ends[place]])) }
    }

    // MARK: Dictionary

    var dictionaryCount: Int { holdsByteArrays ? ends.count : words.count }

    /// What the dictionary's page would hold, in bytes.
    var dictionaryByteCount: Int { holdsByteArrays ? heap.count + 4 * ends.count : 8 * words.count }

    /// Few values of a column that hardly repeats its values show that it does not.
    private static let trialCount = 512

    private func reconsiderDictionary() {
        let isTrialOver = valueCount == Self.trialCount && dictionaryCount > Self.trialCount * 3 / 4
        if isTrialOver || dictionaryByteCount > settings.dictionaryByteLimit { giveUpDictionary() }
    }

    /// Puts the values themselves in place of their places in the dictionary.
    func giveUpDictionary() {
        guard let places else { return }
        self.places = nil
        table.removeAll()
        if holdsByteArrays {
            let (distinct, distinctEnds) = (heap, ends)
            heap = []
            ends = []
            ends.reserveCapacity(places.count)
            for place in places {
                let place = Int(place)
                heap.append(contentsOf: distinct[(place == 0 ? 0 : distinctEnds[place - 1])..<distinctEnds[place]])
                ends.append(heap.count)
            }
        } else {
            let distinct = words
            words = places.map { distinct[Int($0)] }
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Values and levels of a column as they are collected.
struct LeafContent {
    let leaf: SchemaLeaf
    let settings: ColumnSettings

    private(set) var definitionLevels: [UInt8] = []
    private(set) var repetitionLevels: [UInt8] = []
    /// Entries: values and their absences.
    private(set) var entryCount = 0
    private(set) var valueCount = 0

    /// The bits of fixed-size values: the dictionary's, or all of them.
    private(set) var words: [UInt64] = []
    /// Concatenated byte arrays: the dictionary's, or all of them.
    private(set) var heap: [UInt8] = []
    private(set) var ends: [Int] = []

    /// Whether `words` or `heap` are a dictionary: it may have been abandoned.
    private(set) var hasDictionary: Bool
    /// Dictionary indices of the values.
    private(set) var indices: [UInt32]
    private var table = ValueTable()
    /// Dictionary index of the last value: runs of one value need no lookup.
    private var lastIndex = 0

    /// The counts at the ends of the units that pages are made of.
    private(set) var units: [Unit] = []

    struct Unit {
        var rowEnd: Int
        var entryEnd: Int
        var valueEnd: Int
    }

    let holdsByteArrays: Bool
    private let maxDefinitionLevel: UInt8
    private let hasRepetitions: Bool
    private let mayHaveDictionary: Bool

    init(leaf: SchemaLeaf, settings: ColumnSettings) {
        self.settings = settings
        self.leaf = leaf
        holdsByteArrays = leaf.physicalType == .byteArray || leaf.physicalType == .fixedLengthByteArray
        maxDefinitionLevel = UInt8(leaf.maxDefinitionLevel)
        hasRepetitions = leaf.maxRepetitionLevel > 0
        mayHaveDictionary = settings.usesDictionary && leaf.physicalType != .boolean
        indices = []
        hasDictionary = mayHaveDictionary
    }

    mutating func removeAll() {
        definitionLevels.removeAll(keepingCapacity: true)
        repetitionLevels.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        units.removeAll(keepingCapacity: true)
        (entryCount, valueCount, lastIndex) = (0, 0, 0)
        table.removeAll()
        indices.removeAll(keepingCapacity: true)
        hasDictionary = mayHaveDictionary
    }

    /// Ends a unit, which is at the end of a row.
    mutating func endUnit(rowCount: Int) {
        units.append(Unit(rowEnd: rowCount, entryEnd: entryCount, valueEnd: valueCount))
    }

    /// About as many bytes as the values take.
    var byteCount: Int { words.count * 8 + heap.count + ends.count * 4 + indices.count * 4 + entryCount }

    // MARK: Appending

    @inline(__always)
    mutating func appendNull(definitionLevel: Int, repetitionLevel: Int) {
        if hasRepetitions { repetitionLevels.append(UInt8(truncatingIfNeeded: repetitionLevel)) }
        definitionLevels.append(UInt8(truncatingIfNeeded: definitionLevel))
        entryCount += 1
    }

    @inline(__always)
    private mutating func beginValue(_ repetitionLevel: Int) {
        if hasRepetitions { repetitionLevels.append(UInt8(truncatingIfNeeded: repetitionLevel)) }
        if maxDefinitionLevel > 0 { definitionLevels.append(maxDefinitionLevel) }
        entryCount += 1
        valueCount += 1
    }

    mutating func append(_ word: UInt64, repetitionLevel: Int) {
        beginValue(repetitionLevel)
        guard hasDictionary else {
            words.append(word)
            return
        }
        if lastIndex < words.count, words[lastIndex] == word {
            indices.append(UInt32(lastIndex))
            return
        }
        let hash = ValueHash.hash(word)
        if let index = table.number(hash, { words[$0] == word }) {
            lastIndex = index
            indices.append(UInt32(index))
            return
        }
        lastIndex = words.count
        indices.append(UInt32(lastIndex))
        words.append(word)
        table.insert(hash)
        reconsiderDictionary()
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer, repetitionLevel: Int) {
        beginValue(repetitionLevel)
        guard hasDictionary else {
            heap.append(contentsOf: bytes)
            ends.append(heap.count)
            return
        }
        if lastIndex < ends.count, isValue(lastIndex, bytes) {
            indices.append(UInt32(lastIndex))
            return
        }
        let hash = ValueHash.hash(bytes)
        if let index = table.number(hash, { isValue($0, bytes) }) {
            lastIndex = index
            indices.append(UInt32(index))
            return
        }
        lastIndex = ends.count
        indices.append(UInt32(lastIndex))
        heap.append(contentsOf: bytes)
        ends.append(heap.count)
        table.insert(hash)
        reconsiderDictionary()
    }

    @inline(__always)
    private func isValue(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = index == 0 ? 0 : ends[index - 1]
        guard ends[index] - start == bytes.count else { return false }
        return heap.withUnsafeBytes { heap in
            guard let base = heap.baseAddress, let other = bytes.baseAddress else { return true }
            return memcmp(base + start, other, bytes.count) == 0
        }
    }

    // MARK: Dictionary

    var dictionaryCount: Int { holdsByteArrays ? ends.count : words.count }

    /// Size of the dictionary page's content, in bytes.
    var dictionaryByteCount: Int { holdsByteArrays ? heap.count + 4 * ends.count : 8 * words.count }

    /// So many values show whether a column hardly repeats its values.
    private static let trialCount = 512

    private mutating func reconsiderDictionary() {
        let isTrialOver = valueCount == Self.trialCount && dictionaryCount > Self.trialCount * 3 / 4
        if isTrialOver || dictionaryByteCount > settings.dictionaryByteLimit { giveUpDictionary() }
    }

    /// Replaces the dictionary indices by the values themselves.
    mutating func giveUpDictionary() {
        guard hasDictionary else { return }
        hasDictionary = false
        table.removeAll()
        defer { indices.removeAll(keepingCapacity: true) }
        if holdsByteArrays {
            let (distinct, distinctEnds) = (heap, ends)
            heap = []
            ends = []
            ends.reserveCapacity(indices.count)
            for index in indices {
                let index = Int(index)
                heap.append(contentsOf: distinct[(index == 0 ? 0 : distinctEnds[index - 1])..<distinctEnds[index]])
                ends.append(heap.count)
            }
        } else {
            let distinct = words
            words = indices.map { distinct[Int($0)] }
        }
    }
}

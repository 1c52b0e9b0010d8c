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

    /// Values of fixed size by their bits: those of a dictionary, or all of them.
    private(set) var words: [UInt64] = []
    /// Byte arrays, one behind the other: those of a dictionary, or all of them.
    private(set) var heap: [UInt8] = []
    private(set) var ends: [Int] = []

    /// Whether `words` or `heap` are a dictionary: it may have been given up.
    private(set) var hasDictionary: Bool
    /// Places of the values in the dictionary.
    private(set) var places: [UInt32]
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
        places = []
        hasDictionary = mayHaveDictionary
    }

    mutating func removeAll() {
        definitionLevels.removeAll(keepingCapacity: true)
        repetitionLevels.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        units.removeAll(keepingCapacity: true)
        (entryCount, valueCount, lastPlace) = (0, 0, 0)
        table.removeAll()
        places.removeAll(keepingCapacity: true)
        hasDictionary = mayHaveDictionary
    }

    /// Ends a unit, which is at the end of a row.
    mutating func endUnit(rowCount: Int) {
        units.append(Unit(rowEnd: rowCount, entryEnd: entryCount, valueEnd: valueCount))
    }

    /// About as many bytes as the values take.
    var byteCount: Int { words.count * 8 + heap.count + ends.count * 4 + places.count * 4 + entryCount }

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
        if lastPlace < words.count, words[lastPlace] == word {
            places.append(UInt32(lastPlace))
            return
        }
        let hash = ValueHash.hash(word)
        if let place = table.place(hash, { words[$0] == word }) {
            lastPlace = place
            places.append(UInt32(place))
            return
        }
        lastPlace = words.count
        places.append(UInt32(lastPlace))
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
        if lastPlace < ends.count, isValue(lastPlace, bytes) {
            places.append(UInt32(lastPlace))
            return
        }
        let hash = ValueHash.hash(bytes)
        if let place = table.place(hash, { isValue($0, bytes) }) {
            lastPlace = place
            places.append(UInt32(place))
            return
        }
        lastPlace = ends.count
        places.append(UInt32(lastPlace))
        heap.append(contentsOf: bytes)
        ends.append(heap.count)
        table.insert(hash)
        reconsiderDictionary()
    }

    @inline(__always)
    private func isValue(_ place: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = place == 0 ? 0 : ends[place - 1]
        guard ends[place] - start == bytes.count else { return false }
        return heap.withUnsafeBytes { heap in
            guard let base = heap.baseAddress, let other = bytes.baseAddress else { return true }
            return memcmp(base + start, other, bytes.count) == 0
        }
    }

    // MARK: Dictionary

    var dictionaryCount: Int { holdsByteArrays ? ends.count : words.count }

    /// What the dictionary's page would hold, in bytes.
    var dictionaryByteCount: Int { holdsByteArrays ? heap.count + 4 * ends.count : 8 * words.count }

    /// Few values of a column that hardly repeats its values show that it does not.
    private static let trialCount = 512

    private mutating func reconsiderDictionary() {
        let isTrialOver = valueCount == Self.trialCount && dictionaryCount > Self.trialCount * 3 / 4
        if isTrialOver || dictionaryByteCount > settings.dictionaryByteLimit { giveUpDictionary() }
    }

    /// Puts the values themselves in place of their places in the dictionary.
    mutating func giveUpDictionary() {
        guard hasDictionary else { return }
        hasDictionary = false
        table.removeAll()
        defer { places.removeAll(keepingCapacity: true) }
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

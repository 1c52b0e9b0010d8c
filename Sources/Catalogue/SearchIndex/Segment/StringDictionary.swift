#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Strings sorted by their bytes, mostly distinct, front-coded in blocks of 16: the first of a block is whole, the
/// others give the number of bytes that they share with the one before. Read in place, from a segment's bytes.
struct StringDictionary {
    static let blockSize = 16

    let count: Int
    /// Where each block starts in `bytes`; one more at the end.
    let blockOffsets: UnsafePointer<UInt32>
    let bytes: UnsafePointer<UInt8>

    /// Calls `body` with each string from `first` on, in order, until it returns `false`. The bytes are valid only
    /// inside `body`.
    @inline(__always)
    func forEach(from first: Int = 0, _ body: (Int, UnsafeRawBufferPointer) throws -> Bool) rethrows {
        guard first < count else { return }
        // Grows with the strings, some of which are long texts.
        var capacity = 256
        var scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        defer { scratch.deallocate() }
        let firstBlock = first / Self.blockSize
        var rank = firstBlock * Self.blockSize
        var at = Int(blockOffsets[firstBlock])
        while rank < count {
            let shared = rank % Self.blockSize == 0 ? 0 : readVarint(&at)
            let length = readVarint(&at)
            if shared + length > capacity {
                capacity = 2 * (shared + length)
                let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
                larger.update(from: scratch, count: shared)
                scratch.deallocate()
                scratch = larger
            }
            // In bounds: there is room, and `isContained` checks that `shared` bytes of the previous string exist.
            (scratch + shared).update(from: bytes + at, count: length)
            at += length
            if rank >= first {
                guard try body(rank, UnsafeRawBufferPointer(start: scratch, count: shared + length)) else { return }
            }
            rank += 1
        }
    }

    /// As above, for some strings.
    @inline(__always)
    func forEach(in ranks: Range<Int>, _ body: (Int, UnsafeRawBufferPointer) throws -> Void) rethrows {
        guard !ranks.isEmpty else { return }
        try forEach(from: ranks.lowerBound) { rank, bytes in
            try body(rank, bytes)
            return rank + 1 < ranks.upperBound
        }
    }

    @inline(__always)
    private func readVarint(_ at: inout Int) -> Int {
        var value = 0
        var shift = 0
        while true {
            let byte = bytes[at]
            at += 1
            value |= Int(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Whether all strings lie in the first `byteCount` bytes, and share no more than there is.
    func isContained(in byteCount: Int) -> Bool {
        var at = 0
        func varint() -> Int? {
            var value = 0
            // Lengths have no more than 35 bits.
            for shift in stride(from: 0, through: 28, by: 7) {
                guard at < byteCount else { return nil }
                value |= Int(bytes[at] & 0x7f) << shift
                at += 1
                if bytes[at - 1] < 0x80 { return value }
            }
            return nil
        }
        var previous = 0
        for rank in 0..<count {
            let isFirst = rank % Self.blockSize == 0
            if isFirst, Int(blockOffsets[rank / Self.blockSize]) != at { return false }
            guard let shared = isFirst ? 0 : varint(), shared <= previous, let length = varint(),
                length <= byteCount - at
            else { return false }
            at += length
            previous = shared + length
        }
        return true
    }

    subscript(rank: Int) -> String {
        var text = ""
        forEach(from: rank) { _, bytes in
            text = String(decoding: bytes, as: UTF8.self)
            return false
        }
        return text
    }

    var blockCount: Int { (count + Self.blockSize - 1) / Self.blockSize }

    func first(ofBlock block: Int) -> [UInt8] {
        var at = Int(blockOffsets[block])
        let length = readVarint(&at)
        return Array(UnsafeBufferPointer(start: bytes + at, count: length))
    }

    private func compareFirst(ofBlock block: Int, _ text: UnsafeRawBufferPointer) -> Int {
        var at = Int(blockOffsets[block])
        let length = readVarint(&at)
        return compareBytes(UnsafeRawBufferPointer(start: bytes + at, count: length), text)
    }

    /// The rank of the first string that is not below `text`, and whether it is equal.
    func lowerBound(_ text: UnsafeRawBufferPointer) -> (rank: Int, isEqual: Bool) {
        // The first block that does not start below the text: the string is its first, or in the block before.
        var low = 0
        var high = blockCount
        while low < high {
            let middle = (low + high) / 2
            if compareFirst(ofBlock: middle, text) < 0 { low = middle + 1 } else { high = middle }
        }
        var result = (rank: count, isEqual: false)
        forEach(from: max(0, low - 1) * Self.blockSize) { rank, bytes in
            let order = compareBytes(bytes, text)
            guard order >= 0 else { return true }
            result = (rank, order == 0)
            return false
        }
        return result
    }

    /// The rank of the first string that is not below `text`.
    ///
    /// - Parameter rank: All strings before it are below. The search is cheap when the result is near.
    func lowerBound(_ text: [UInt8], from rank: Int) -> Int {
        guard rank < count else { return count }
        return text.withUnsafeBytes { text in
            // The last block that starts below the text, or that of the rank.
            var low = rank / Self.blockSize
            var step = 1
            while low + step < blockCount, compareFirst(ofBlock: low + step, text) < 0 {
                low += step
                step *= 2
            }
            var high = min(low + step, blockCount)
            while low + 1 < high {
                let middle = (low + high) / 2
                if compareFirst(ofBlock: middle, text) < 0 { low = middle } else { high = middle }
            }
            var found = min(count, (low + 1) * Self.blockSize)
            forEach(from: max(rank, low * Self.blockSize)) { rank, bytes in
                guard rank < found, compareBytes(bytes, text) < 0 else {
                    found = min(found, rank)
                    return false
                }
                return true
            }
            return found
        }
    }

    /// The rank of the first string above `text`.
    func upperBound(_ text: String) -> Int {
        var (rank, isEqual) = lowerBound(text)
        guard isEqual else { return rank }
        forEach(from: rank) { _, bytes in
            guard bytes.elementsEqual(text.utf8) else { return false }
            rank += 1
            return true
        }
        return rank
    }

    func lowerBound(_ text: String) -> (rank: Int, isEqual: Bool) {
        var text = text
        return text.withUTF8 { lowerBound(UnsafeRawBufferPointer($0)) }
    }
}

/// Negative, 0 or positive as `left` is below, equal to or above `right`, byte by byte.
@inline(__always)
func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let shared = min(left.count, right.count)
    if shared > 0 {
        // In bounds: both have at least `shared` bytes.
        let order = memcmp(left.baseAddress!, right.baseAddress!, shared)
        if order != 0 { return Int(order) }
    }
    return left.count - right.count
}

/// Writes the encoding that `StringDictionary` reads.
struct StringDictionaryEncoder {
    private(set) var blockOffsets: [UInt32] = [0]
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    private var previous: [UInt8] = []

    /// Strings must come in ascending order.
    mutating func append(_ text: UnsafeRawBufferPointer) {
        if count % StringDictionary.blockSize == 0 {
            appendVarint(text.count)
            bytes.append(contentsOf: text)
        } else {
            var shared = 0
            let limit = min(previous.count, text.count)
            while shared < limit, previous[shared] == text[shared] { shared += 1 }
            appendVarint(shared)
            appendVarint(text.count - shared)
            bytes.append(contentsOf: text[shared...])
        }
        previous.removeAll(keepingCapacity: true)
        previous.append(contentsOf: text)
        count += 1
        if count % StringDictionary.blockSize == 0 { blockOffsets.append(UInt32(bytes.count)) }
    }

    private mutating func appendVarint(_ value: Int) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(value & 0x7f) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }
}

/// The documents that contain a word: see `SegmentLayout.Text.postings`. Read in place.
struct Postings {
    let bytes: UnsafePointer<UInt8>
    let range: Range<Int>

    /// Calls `body` with the rank of each document.
    @inline(__always)
    func forEach(_ body: (Int) -> Void) {
        var at = range.lowerBound
        var rank = 0
        while at < range.upperBound {
            var distance = 0
            var shift = 0
            while at < range.upperBound {
                let byte = bytes[at]
                at += 1
                distance |= Int(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            rank &+= distance
            body(rank)
        }
    }

    /// Whether all ranks are below `count`.
    func isContained(in count: Int) -> Bool {
        var at = range.lowerBound
        var rank = 0
        while at < range.upperBound {
            var distance = 0
            var isComplete = false
            // Ranks have no more than 32 bits.
            for shift in stride(from: 0, through: 28, by: 7) where !isComplete && at < range.upperBound {
                distance |= Int(bytes[at] & 0x7f) << shift
                isComplete = bytes[at] < 0x80
                at += 1
            }
            rank += distance
            guard isComplete, rank < count else { return false }
        }
        return true
    }
}

/// The documents of each word of a segment, by the word's rank.
struct PostingLists {
    /// Start of each word's postings in `bytes`; one more at the end.
    let offsets: UnsafePointer<UInt32>
    let bytes: UnsafePointer<UInt8>
    let documentCount: Int

    subscript(word: Int) -> Postings {
        Postings(bytes: bytes, range: Int(offsets[word])..<Int(offsets[word + 1]))
    }

    func bitmap(ofWord word: Int) -> Bitmap {
        var documents = Bitmap(count: documentCount)
        self[word].forEach { documents[$0] = true }
        return documents
    }

    /// Ranks in order.
    func documents(ofWord word: Int) -> [UInt32] {
        let postings = self[word]
        return [UInt32](unsafeUninitializedCapacity: postings.range.count) { ranks, count in
            // In bounds: each takes a byte at least.
            postings.forEach {
                ranks[count] = UInt32(truncatingIfNeeded: $0)
                count += $0 < documentCount ? 1 : 0
            }
        }
    }
}

/// Writes the encoding that `Postings` reads.
struct PostingsEncoder {
    /// Start of each key's list in `bytes`; one more at the end.
    private(set) var offsets: [UInt32] = [0]
    private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - occurrences: Each key of each document once, in the order of the documents.
    ///   - counts: Occurrences by key.
    ///   - order: The keys in the order of their lists.
    init(_ occurrences: [(key: UInt32, document: UInt32)], counts: [Int], order: [Int]) {
        var places = [Int](repeating: 0, count: counts.count)
        var total = 0
        for key in order {
            places[key] = total
            total += counts[key]
        }
        var documents = [UInt32](repeating: 0, count: total)
        for (key, document) in occurrences {
            documents[places[Int(key)]] = document
            places[Int(key)] += 1
        }
        for key in order {
            var previous: UInt32 = 0
            for document in documents[places[key] - counts[key]..<places[key]] {
                bytes.append(varint: document - previous)
                previous = document
            }
            offsets.append(UInt32(bytes.count))
        }
    }
}

extension [UInt8] {
    /// Appends a LEB128 integer: seven bits per byte, lowest first, the eighth bit set in all but the last.
    @inline(__always)
    mutating func append(varint value: UInt32) {
        var value = value
        while value >= 0x80 {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        append(UInt8(value))
    }
}

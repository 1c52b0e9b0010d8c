/// The documents that hold a word: see `SegmentLayout.Text.postings`. Looked at in place.
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

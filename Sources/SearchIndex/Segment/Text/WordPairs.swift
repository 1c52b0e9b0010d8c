/// Which documents of a segment hold which two common words one behind the other.
struct WordPairs {
    /// Words are common that so many documents hold at least.
    let leastFrequency: Int
    private let count: Int
    private let words: UnsafePointer<UInt64>
    private let postingOffsets: UnsafePointer<UInt32>
    private let postings: UnsafePointer<UInt8>

    init(_ layout: SegmentLayout.WordPairs, storage: SegmentStorage) throws(SegmentError) {
        leastFrequency = layout.leastFrequency
        count = layout.pairCount
        words = try storage.elements(layout.words, count: layout.pairCount)
        postingOffsets = try storage.elements(layout.postingOffsets, count: layout.pairCount + 1)
        postings = try storage.elements(layout.postings)
    }

    /// The documents in which two words follow one another.
    ///
    /// - Parameters: Ranks of words.
    /// - Returns: `nil`: there are none, or a word is rare.
    func postings(of first: Int, _ second: Int) -> Postings? {
        let key = UInt64(first) << 32 | UInt64(second)
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if words[middle] < key { low = middle + 1 } else { high = middle }
        }
        guard low < count, words[low] == key else { return nil }
        return Postings(bytes: postings, range: Int(postingOffsets[low])..<Int(postingOffsets[low + 1]))
    }
}

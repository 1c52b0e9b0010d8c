extension LeafContent {
    /// Calls `body` with the bits of some values; with a dictionary, once for each distinct value.
    func forEachWord(_ values: Range<Int>, _ body: (UInt64) -> Void) {
        guard hasDictionary else {
            for index in values { body(words[index]) }
            return
        }
        forEachOccurring(indices, values) { body(words[$0]) }
    }

    /// Calls `body` with the indices of some byte arrays in `ends`; see `forEachWord`.
    func forEachIndex(_ values: Range<Int>, _ body: (Int) -> Void) {
        guard hasDictionary else {
            for index in values { body(index) }
            return
        }
        forEachOccurring(indices, values, body)
    }

    private func forEachOccurring(_ indices: [UInt32], _ values: Range<Int>, _ body: (Int) -> Void) {
        var occurs = [Bool](repeating: false, count: dictionaryCount)
        for index in values {
            let dictionaryIndex = Int(indices[index])
            guard !occurs[dictionaryIndex] else { continue }
            occurs[dictionaryIndex] = true
            body(dictionaryIndex)
        }
    }
}

extension LeafContent {
    /// Calls `body` with the bits of some values. With a dictionary and many values: of those that occur, each once.
    func forEachWord(_ values: Range<Int>, _ body: (UInt64) -> Void) {
        guard hasDictionary else {
            for index in values { body(words[index]) }
            return
        }
        forEachOccurring(places, values) { body(words[$0]) }
    }

    /// Calls `body` with the places of some byte arrays; see `forEachWord`.
    func forEachPlace(_ values: Range<Int>, _ body: (Int) -> Void) {
        guard hasDictionary else {
            for index in values { body(index) }
            return
        }
        forEachOccurring(places, values, body)
    }

    private func forEachOccurring(_ places: [UInt32], _ values: Range<Int>, _ body: (Int) -> Void) {
        var occurs = [Bool](repeating: false, count: dictionaryCount)
        for index in values {
            let place = Int(places[index])
            guard !occurs[place] else { continue }
            occurs[place] = true
            body(place)
        }
    }
}

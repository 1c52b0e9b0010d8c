import STACAPI

/// Items by the string or Boolean of a property.
struct TermAggregator: SegmentAggregator {
    private let property: ColumnName
    private var terms = TermTable()

    init(_ property: String) {
        self.property = ColumnName(property)
    }

    mutating func add(_ rows: MatchingRows) {
        guard let column = rows.segment.columns[property] else { return }
        if let part = column.string { addStrings(part, rows) }
        if let part = column.bool {
            var counts = (0, 0)
            rows.forEach(with: part.presence) { if part[$0] { counts.1 += 1 } else { counts.0 += 1 } }
            terms.add(counts.0, to: "false")
            terms.add(counts.1, to: "true")
        }
    }

    private mutating func addStrings(_ part: StringPart, _ rows: MatchingRows) {
        let dictionary = part.dictionary
        var counts = [UInt32](repeating: 0, count: dictionary.count)
        var distinct = 0
        counts.withUnsafeMutableBufferPointer { counts in
            rows.forEach(with: part.presence) { row in
                let rank = part.rank(row)
                if counts[rank] == 0 { distinct += 1 }
                counts[rank] += 1
            }
        }
        // One string alone costs as much as half the block that it stands in.
        if distinct * StringDictionary.blockSize < dictionary.count {
            for (rank, count) in counts.enumerated() where count > 0 { terms.add(Int(count), to: dictionary[rank]) }
        } else {
            dictionary.forEach { rank, bytes in
                terms.add(Int(counts[rank]), to: bytes)
                return true
            }
        }
    }

    func result(matched: Int) -> AggregationResult { AggregationResult(terms, matched: matched) }
}

extension AggregationResult {
    init(_ terms: TermTable, matched: Int) {
        let buckets = terms.mostFrequent(Aggregation.maximumBuckets).map { Bucket(.text($0.term), $0.count) }
        self = .buckets(buckets, overflow: matched - buckets.reduce(0) { $0 + $1.frequency })
    }
}

/// Goes through the places of a word, document by document.
struct PositionWalk {
    private let positions: WordPositions
    /// Ranks of those that hold the word, in order.
    let documents: [UInt32]
    /// The one cell of each of `documents`, where they have been read before.
    private let cells: [UInt64]?
    private let bytes: UnsafePointer<UInt8>
    private var at: Int
    private let end: Int
    /// Place in `documents`; -1 before the first.
    private var document = -1

    init(
        _ positions: WordPositions, _ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, _ documents: [UInt32],
        _ cells: [UInt64]?
    ) {
        self.positions = positions
        self.bytes = bytes
        self.documents = documents
        self.cells = cells
        at = range.lowerBound
        end = range.upperBound
    }

    /// Writes cells: a bit for each position at which the word stands.
    ///
    /// - Parameter first: The number of the first of them; beyond all that were written before.
    mutating func write(from first: Int, into cells: UnsafeMutableBufferPointer<UInt64>) {
        cells.update(repeating: 0)
        documents.withUnsafeBufferPointer { documents in
            if let known = self.cells {
                known.withUnsafeBufferPointer { writeKnown($0, documents, first, cells) }
            } else if positions.isPlain {
                writePlain(documents, first, cells)
            } else {
                writeAll(documents, first, cells)
            }
        }
    }

    /// The one cell of each of `documents`: only where documents have no more.
    func cellsOfDocuments() -> [UInt64] {
        if let cells { return cells }
        return [UInt64](unsafeUninitializedCapacity: documents.count) { cells, count in
            var bits: UInt64 = 0
            for at in at..<end {
                let byte = bytes[at]
                // No branch depends on whether a document begins, which is as good as random.
                count &+= Int(byte & 1)
                bits = bits & (UInt64(byte & 1) &- 1) | 1 &<< UInt64(byte >> 1)
                guard count > 0, count <= cells.count else { break }
                cells[count &- 1] = bits
            }
            count = min(count, cells.count)
        }
    }

    private mutating func writeKnown(
        _ known: UnsafeBufferPointer<UInt64>, _ documents: UnsafeBufferPointer<UInt32>, _ first: Int,
        _ cells: UnsafeMutableBufferPointer<UInt64>
    ) {
        var document = max(0, document)
        while document < min(documents.count, known.count), case let cell = Int(documents[document]) &- first,
            cell < cells.count
        {
            // In bounds: not behind the last one. A document before the first one is passed over.
            if cell >= 0 { cells[cell] = known[document] }
            document &+= 1
        }
        self.document = document
    }

    /// Where each document has one cell, whose number is its rank, and each position a byte.
    private mutating func writePlain(
        _ documents: UnsafeBufferPointer<UInt32>, _ first: Int, _ cells: UnsafeMutableBufferPointer<UInt64>
    ) {
        // Where documents behind the last cell begin.
        var limit = max(0, document)
        var step = 1
        while limit < documents.count, Int(documents[min(limit + step, documents.count) - 1]) < first + cells.count {
            limit = min(limit + step, documents.count)
            step *= 2
        }
        while limit < documents.count, Int(documents[limit]) < first + cells.count { limit += 1 }
        var (at, document, bits) = (at, document, UInt64(0))
        while at < end {
            let byte = bytes[at]
            let next = document &+ Int(byte & 1)
            guard next < limit else { break }
            bits = bits & (UInt64(byte & 1) &- 1) | 1 &<< UInt64(byte >> 1)
            // In bounds: not behind the last one. A document before the first one is passed over.
            if next >= 0, case let cell = Int(documents[next]) &- first, cell >= 0 { cells[cell] = bits }
            document = next
            at &+= 1
        }
        (self.at, self.document) = (at, document)
    }

    private mutating func writeAll(
        _ documents: UnsafeBufferPointer<UInt32>, _ first: Int, _ cells: UnsafeMutableBufferPointer<UInt64>
    ) {
        while at < end {
            var next = at
            let entry = WordPositions.entry(bytes, &next, end)
            guard documents.indices.contains(document + entry.isFirst) else { return }
            let start = positions.cells(of: Int(documents[document + entry.isFirst])).lowerBound
            let cell = start + entry.position >> 6 - first
            guard cell < cells.count else { return }
            // In bounds: not behind the last one.
            if cell >= 0 { cells[cell] |= 1 << UInt64(entry.position & 63) }
            document += entry.isFirst
            at = next
        }
    }
}

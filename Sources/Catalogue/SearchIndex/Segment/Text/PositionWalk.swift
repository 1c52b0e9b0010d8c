/// Iterates over the positions of a word, document by document.
struct PositionWalk {
    private let positions: WordPositions
    /// Ranks of the documents that contain the word, in order.
    let documents: [UInt32]
    private let bytes: UnsafePointer<UInt8>
    private var at: Int
    private let end: Int
    /// Index in `documents`; -1 before the first.
    private var document = -1

    init(_ positions: WordPositions, _ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, _ documents: [UInt32]) {
        self.positions = positions
        self.bytes = bytes
        self.documents = documents
        at = range.lowerBound
        end = range.upperBound
    }

    /// Writes cells: one bit for each position of the word.
    ///
    /// - Parameter first: The number of the first cell; beyond all that were written before.
    mutating func write(from first: Int, into cells: UnsafeMutableBufferPointer<UInt64>) {
        cells.update(repeating: 0)
        documents.withUnsafeBufferPointer { documents in
            if positions.isPlain { writePlain(documents, first, cells) } else { writeAll(documents, first, cells) }
        }
    }

    /// The one cell of each of `documents`: only valid where documents have one cell.
    func cellsOfDocuments() -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: documents.count) { cells, count in
            var bits: UInt64 = 0
            for at in at..<end {
                let byte = bytes[at]
                // Branch-free: the starts of documents are unpredictable.
                count &+= Int(byte & 1)
                bits = bits & (UInt64(byte & 1) &- 1) | 1 &<< UInt64(byte >> 1)
                guard count > 0, count <= cells.count else { break }
                cells[count &- 1] = bits
            }
            count = min(count, cells.count)
        }
    }

    /// For segments where each document has one cell, whose number is its rank, and each position is one byte.
    private mutating func writePlain(
        _ documents: UnsafeBufferPointer<UInt32>, _ first: Int, _ cells: UnsafeMutableBufferPointer<UInt64>
    ) {
        // Local copies: otherwise they would be reloaded after each cell that is written.
        let (bytes, end) = (bytes, end)
        var at = at
        // A position before that of the first document counts as its own.
        var document = document >= 0 || at >= end ? max(0, document) : -Int(bytes[at] & 1)
        // The positions where documents of the first cell, and those after the last one, begin.
        let start = Self.place(of: first, in: documents, from: max(0, document))
        let limit = Self.place(of: first + cells.count, in: documents, from: start)
        while at < end, case let next = document &+ Int(bytes[at] & 1), next < start {
            document = next
            at &+= 1
        }
        var bits: UInt64 = 0
        while at < end {
            let byte = bytes[at]
            let next = document &+ Int(byte & 1)
            guard next < limit else { break }
            bits = bits & (UInt64(byte & 1) &- 1) | 1 &<< UInt64(byte >> 1)
            // In bounds: a document between the first cell and the last one.
            cells[Int(documents[next]) &- first] = bits
            document = next
            at &+= 1
        }
        (self.at, self.document) = (at, document)
    }

    /// The index of the first document at or after a cell.
    private static func place(of cell: Int, in documents: UnsafeBufferPointer<UInt32>, from start: Int) -> Int {
        var place = start
        var step = 1
        while place + step <= documents.count, Int(documents[place + step - 1]) < cell {
            place += step
            step *= 2
        }
        while place < documents.count, Int(documents[place]) < cell { place += 1 }
        return place
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
            // In bounds: not after the last one.
            if cell >= 0 { cells[cell] |= 1 << UInt64(entry.position & 63) }
            document += entry.isFirst
            at = next
        }
    }
}

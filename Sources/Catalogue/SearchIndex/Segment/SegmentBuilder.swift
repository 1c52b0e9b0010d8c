import Geo

/// Encodes rows of a batch as a segment.
///
/// Rows are sorted along the Hilbert curve, those without geometry last. Cost: about 10 µs per row of 45 columns, most
/// of it for sorting strings.
struct SegmentBuilder {
    private let batch: ColumnBatch
    /// Row of the batch for each row of the segment.
    private let rows: [Int]
    private var writer = SegmentWriter()
    private var layout = SegmentLayout()

    init(_ batch: ColumnBatch, rows selected: [Int]) {
        self.batch = batch
        var keyed: [(key: UInt64, row: Int)] = []
        keyed.reserveCapacity(selected.count)
        var located = 0
        for row in selected {
            guard let box = batch.boxes[row] else {
                keyed.append((.max, row))
                continue
            }
            located += 1
            let key = hilbertIndex(longitude: (box.minX + box.maxX) / 2, latitude: (box.minY + box.maxY) / 2)
            keyed.append((UInt64(key), row))
        }
        keyed.sort { $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row }
        rows = keyed.map(\.row)
        layout.rowCount = rows.count
        layout.locatedCount = located
    }

    /// - Returns: The layout, and the bytes of the whole file.
    mutating func build() -> (layout: SegmentLayout, bytes: [UInt8]) {
        appendTimesAndIDs()
        appendBoxes()
        appendGeometries()
        for column in batch.columns {
            var encoder = ColumnEncoder(column: column, rows: rows, text: batch.text)
            let parts = encoder.encode(into: &writer)
            if !parts.isEmpty { layout.columns.append(.init(name: column.name, parts: parts)) }
        }
        appendTexts()
        writer.finish(layout)
        return (layout, writer.bytes)
    }

    private mutating func appendTimesAndIDs() {
        let sequences = rows.map { batch.sequences[$0] }
        layout.sequences = writer.append(sequences)
        layout.sequenceOrder = writer.append(order { sequences[$0] < sequences[$1] })

        let starts = rows.map { batch.starts[$0] }
        let ends = rows.map { batch.ends[$0] }
        let times = rows.map { batch.times[$0] }
        layout.firstStart = starts.min() ?? 0
        layout.lastEnd = ends.max() ?? 0
        layout.firstTime = times.min() ?? 0
        layout.lastTime = times.max() ?? 0
        layout.firstSequence = sequences.min() ?? 0
        layout.lastSequence = sequences.max() ?? 0
        layout.starts = writer.append(starts)
        layout.ends = ends == starts ? layout.starts : writer.append(ends)
        layout.times = times == starts ? layout.starts : writer.append(times)

        let places = rows.map { batch.ids[$0] }
        let sorted = batch.text.withUnsafeBytes { text in
            order { left, right in
                compareBytes(text.at(places[left]), text.at(places[right])) < 0
            }
        }
        var ranks = [UInt32](repeating: 0, count: rows.count)
        var dictionary = StringDictionaryEncoder()
        batch.text.withUnsafeBytes { text in
            for (rank, row) in sorted.enumerated() {
                ranks[Int(row)] = UInt32(rank)
                dictionary.append(text.at(places[Int(row)]))
            }
        }
        layout.idRanks = writer.append(ranks)
        layout.idOrder = writer.append(sorted)
        layout.idBlocks = writer.append(dictionary.blockOffsets)
        layout.idBytes = writer.append(dictionary.bytes)
        layout.timeOrder = writer.append(
            order { times[$0] != times[$1] ? times[$0] < times[$1] : ranks[$0] < ranks[$1] })
    }

    private func order(_ precedes: (Int, Int) -> Bool) -> [UInt32] {
        var order = (0..<UInt32(rows.count)).map { $0 }
        order.sort { precedes(Int($0), Int($1)) }
        return order
    }

    private mutating func appendBoxes() {
        var level = rows.map { batch.boxes[$0].map(IndexBox.init)?.lanes ?? IndexBox.empty.lanes }
        layout.boxes = writer.append(level)
        appendPlaces()
        while level.count > 1 || layout.treeLevels.isEmpty {
            level = stride(from: 0, to: level.count, by: BoxTree.fanOut).map { start in
                level[start..<min(start + BoxTree.fanOut, level.count)].reduce(IndexBox.empty.lanes, pointwiseMin)
            }
            layout.treeLevels.append(writer.append(level, padding: 1))
        }
    }

    private mutating func appendPlaces() {
        let places = rows.prefix(layout.locatedCount).compactMap { row in
            batch.boxes[row].map { box in
                let longitudes = batch.geometries[batch.geometryRange(row)].withUnsafeBytes {
                    LongitudeRange(box: box, wkb: $0)
                }
                return MapPlace(longitude: longitudes.middle, latitude: (box.minY + box.maxY) / 2)
            }
        }
        layout.places = SegmentLayout.Places(
            columns: writer.append(places.map(\.column)), rows: writer.append(places.map(\.row)),
            mercatorRows: writer.append(places.map(\.mercatorRow)))
    }

    private mutating func appendTexts() {
        var encoder = ColumnEncoder(column: batch.documents, rows: rows, text: batch.text, isHashed: false)
        guard let part = encoder.encode(into: &writer).first else { return }
        (layout.text, layout.wordPositions) = batch.text.withUnsafeBytes { text in
            WordEncoder(text: text, documents: encoder.strings).encode(part, into: &writer)
        }
    }

    private mutating func appendGeometries() {
        var offsets: [UInt32] = [0]
        var bytes: [UInt8] = []
        for row in rows {
            bytes.append(contentsOf: batch.geometries[batch.geometryRange(row)])
            offsets.append(UInt32(bytes.count))
        }
        layout.geometryOffsets = writer.append(offsets)
        layout.geometries = writer.append(bytes)
    }
}

import Checksum
import Geo
import JSON
import STACAPI
import Synchronization
import Temporal

/// The searchable part of a set of Items of one collection, by columns, immutable: in memory when recent, else a mapped
/// file. Rows are in the order of the Hilbert curve.
///
/// `@unchecked Sendable`: every stored property is a constant, and the bytes that they point to never change.
final class Segment: @unchecked Sendable {
    private let storage: SegmentStorage
    let layout: SegmentLayout
    /// `nil` for a segment in memory.
    let fileName: String?

    let rowCount: Int
    /// Where the parts are; read through the accessors below, which compare checksums.
    private let stored: Pointers
    private let storedText: SegmentText?
    /// For what their layout says. Their values are read through `column`, which compares checksums.
    let columns: [ColumnName: SegmentColumn]
    private let columnRanges: [ColumnName: [Range<Int>]]
    private let partRanges: [[Range<Int>]]
    /// Bits of the parts that are as they were written.
    private let soundParts = Atomic<Int>(0)
    private let areas: AreaCache
    let summaries = SegmentSummaryCache()
    /// Bits of the `WarmPart`s that have been read.
    let warmParts = Atomic<Int>(0)

    /// Microseconds: smallest start, largest end, and the range of the times that Items are sorted by.
    let firstStart, lastEnd, firstTime, lastTime: Int64
    let firstSequence, lastSequence: Int64

    /// - Throws: `SegmentError` when the bytes are not a segment of this version.
    convenience init(path: String, fileName: String) throws(SegmentError) {
        let storage = try SegmentStorage(mapping: path)
        do throws(SegmentError) {
            let (layout, sectionsByteCount) = try Self.footer(of: storage)
            storage.setChecksums(of: sectionsByteCount, sums: storage.base + sectionsByteCount)
            try layout.validateNumbers(byteCount: storage.byteCount)
            try self.init(storage: storage, layout: layout, sectionsEnd: sectionsByteCount, fileName: fileName)
        } catch {
            throw SegmentError(description: "\(fileName): \(error.description)")
        }
    }

    /// Builds a segment in memory.
    convenience init(_ batch: ColumnBatch, rows: [Int]) {
        var builder = SegmentBuilder(batch, rows: rows)
        let (layout, bytes) = builder.build()
        do {
            try self.init(
                storage: SegmentStorage(copying: bytes), layout: layout, sectionsEnd: bytes.count, fileName: nil)
        } catch {
            preconditionFailure("a segment that has just been built is complete: \(error)")
        }
    }

    /// Reads the whole file and verifies its checksums. Opening does not: a large index would take minutes to start,
    /// and occupy memory as a whole.
    ///
    /// - Throws: `SegmentError` for a damaged file.
    func validate() throws(SegmentError) {
        _ = try Self.footer(of: storage)
        guard storage.verifyAll() else { throw SegmentError(description: "\(fileName ?? "") is damaged") }
        try layout.validate(in: storage)
    }

    /// Parses the footer behind the sections after verifying its checksum.
    private static func footer(
        of storage: SegmentStorage
    ) throws(SegmentError) -> (layout: SegmentLayout, sectionsByteCount: Int) {
        let bytes = UnsafeRawBufferPointer(start: storage.base, count: storage.byteCount)
        let magic = SegmentWriter.magic
        guard bytes.count > 2 * magic.count + 24, bytes.prefix(magic.count).elementsEqual(magic),
            bytes.suffix(magic.count).elementsEqual(magic)
        else { throw SegmentError(description: "not a segment, or not a complete one") }
        func word(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        let sumOffset = bytes.count - magic.count - 8
        let lengthOffset = sumOffset - 16
        let length = Int(truncatingIfNeeded: word(lengthOffset))
        let sections = Int(truncatingIfNeeded: word(lengthOffset + 8))
        guard length > 0, sections >= magic.count, sections < lengthOffset, length <= lengthOffset,
            sections + 8 * BlockChecksums.blockCount(sections) + length == lengthOffset,
            word(sumOffset) == XXHash64.hash(UnsafeRawBufferPointer(rebasing: bytes[sections..<sumOffset])),
            // Names of properties may be from before texts had to be I-JSON.
            let json = try? JSONValue(parsing: Array(bytes[lengthOffset - length..<lengthOffset]), by: .rfc8259)
        else { throw SegmentError(description: "the layout is damaged") }
        return (try SegmentLayout(json: json), sections)
    }

    private init(
        storage: SegmentStorage, layout: SegmentLayout, sectionsEnd: Int, fileName: String?
    ) throws(SegmentError) {
        self.storage = storage
        self.layout = layout
        areas = AreaCache(rowCount: layout.rowCount)
        self.fileName = fileName
        rowCount = layout.rowCount
        let words = (rowCount + 63) / 64
        let sequences: UnsafePointer<Int64> = try storage.elements(layout.sequences, count: rowCount)
        let sequenceOrder: UnsafePointer<UInt32> = try storage.elements(layout.sequenceOrder, count: rowCount)
        let starts: UnsafePointer<Int64> = try storage.elements(layout.starts, count: rowCount)
        let ends: UnsafePointer<Int64> = try storage.elements(layout.ends, count: rowCount)
        let times: UnsafePointer<Int64> = try storage.elements(layout.times, count: rowCount)
        let timeOrder: UnsafePointer<UInt32> = try storage.elements(layout.timeOrder, count: rowCount)
        let idRanks: UnsafePointer<UInt32> = try storage.elements(layout.idRanks, count: rowCount)
        let idOrder: UnsafePointer<UInt32> = try storage.elements(layout.idOrder, count: rowCount)
        let idBlocks: UnsafePointer<UInt32> = try storage.elements(layout.idBlocks)
        let idBytes: UnsafePointer<UInt8> = try storage.elements(layout.idBytes)
        var levels: [UnsafeBufferPointer<SIMD4<Double>>] = []
        var expected = rowCount
        for level in layout.treeLevels {
            expected = (expected + BoxTree.fanOut - 1) / BoxTree.fanOut
            levels.append(
                UnsafeBufferPointer(start: try storage.elements(level, count: expected, padding: 1), count: expected))
        }
        guard expected == 1 else { throw SegmentError(description: "the box tree has no root") }
        stored = Pointers(
            sequences: sequences, sequenceOrder: sequenceOrder, starts: starts, ends: ends, times: times,
            timeOrder: timeOrder, idRanks: idRanks, idOrder: idOrder, idBlocks: idBlocks, idBytes: idBytes,
            boxes: try storage.elements(layout.boxes, count: rowCount), levels: levels,
            places: try MapPlaces(layout.places, storage, count: layout.locatedCount),
            geometryOffsets: try storage.elements(layout.geometryOffsets, count: rowCount + 1),
            geometries: try storage.elements(layout.geometries))
        var columns: [ColumnName: SegmentColumn] = [:]
        for column in layout.columns {
            columns[ColumnName(column.name)] = try SegmentColumn(
                column, storage: storage, rowCount: rowCount, words: words)
        }
        self.columns = columns
        let ranges = layout.ranges(sectionsEnd: sectionsEnd)
        partRanges = ranges.parts
        columnRanges = Dictionary(zip(layout.columns.map { ColumnName($0.name) }, ranges.columns)) { $0 + $1 }
        storedText = try layout.text.map { text throws(SegmentError) in
            try SegmentText(text, layout.wordPositions, storage: storage, rowCount: layout.rowCount, words: words)
        }

        firstStart = layout.firstStart
        lastEnd = layout.lastEnd
        firstTime = layout.firstTime
        lastTime = layout.lastTime
        firstSequence = layout.firstSequence
        lastSequence = layout.lastSequence
    }

    var byteCount: Int { storage.byteCount }

    /// See `SegmentStorage.prefetch`.
    func prefetch(_ offset: Int, _ byteCount: Int) { storage.prefetch(offset: offset, byteCount: byteCount) }

    /// See `SegmentStorage.keepInMemory`.
    func keepInMemory(_ offset: Int, _ byteCount: Int) { storage.keepInMemory(offset: offset, byteCount: byteCount) }

    /// Compares the checksums of some bytes, unless they have been compared before.
    func verify(_ offset: Int, _ byteCount: Int) { _ = storage.isSound(offset, byteCount) }

    /// The bytes of the segment's file, whether or not it has been written.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage.base, count: storage.byteCount) }

    // MARK: Checked access

    private struct Pointers {
        let sequences: UnsafePointer<Int64>
        let sequenceOrder: UnsafePointer<UInt32>
        let starts, ends, times: UnsafePointer<Int64>
        let timeOrder, idRanks, idOrder, idBlocks: UnsafePointer<UInt32>
        let idBytes: UnsafePointer<UInt8>
        let boxes: UnsafePointer<SIMD4<Double>>
        let levels: [UnsafeBufferPointer<SIMD4<Double>>]
        let places: MapPlaces
        let geometryOffsets: UnsafePointer<UInt32>
        let geometries: UnsafePointer<UInt8>
    }

    /// Whether a part that has been used is damaged. What was computed with it is worthless; it was read as zeros, so
    /// that nothing outside of the segment was read.
    var isDamaged: Bool { storage.isDamaged }

    /// Whether a part is as it was written; compares its checksums at the first use.
    @inline(__always)
    func isSound(_ part: SegmentPart) -> Bool {
        soundParts.load(ordering: .relaxed) & 1 << part.rawValue != 0 || verify(part)
    }

    @inline(never)
    private func verify(_ part: SegmentPart) -> Bool {
        guard areSound(partRanges[part.rawValue]) else { return false }
        soundParts.bitwiseOr(1 << part.rawValue, ordering: .relaxed)
        return true
    }

    /// Whether all of the segment is as it was written; reads all of it at the first call.
    var isWhole: Bool { !isDamaged && storage.isSound(0, storage.byteCount) }

    private func areSound(_ ranges: [Range<Int>]) -> Bool {
        ranges.allSatisfy { storage.isSound($0.lowerBound, $0.count) }
    }

    @inline(__always)
    private func checked<Element>(_ part: SegmentPart, _ pointer: UnsafePointer<Element>) -> UnsafePointer<Element> {
        isSound(part) ? pointer : storage.zeroed(pointer)
    }

    var sequences: UnsafePointer<Int64> { checked(.keys, stored.sequences) }
    var sequenceOrder: UnsafePointer<UInt32> { checked(.keys, stored.sequenceOrder) }
    var idRanks: UnsafePointer<UInt32> { checked(.keys, stored.idRanks) }
    var idOrder: UnsafePointer<UInt32> { checked(.keys, stored.idOrder) }
    var starts: UnsafePointer<Int64> { checked(.times, stored.starts) }
    var ends: UnsafePointer<Int64> { checked(.times, stored.ends) }
    var times: UnsafePointer<Int64> { checked(.times, stored.times) }
    var timeOrder: UnsafePointer<UInt32> { checked(.times, stored.timeOrder) }
    var boxes: UnsafePointer<SIMD4<Double>> { checked(.boxes, stored.boxes) }
    private var geometryOffsets: UnsafePointer<UInt32> { checked(.geometryOffsets, stored.geometryOffsets) }

    var ids: StringDictionary {
        StringDictionary(
            count: rowCount, blockOffsets: checked(.keys, stored.idBlocks), bytes: checked(.keys, stored.idBytes))
    }

    var places: MapPlaces {
        isSound(.places)
            ? stored.places
            : MapPlaces(
                columns: storage.zeroed(stored.places.columns), rows: storage.zeroed(stored.places.rows),
                mercatorRows: storage.zeroed(stored.places.mercatorRows))
    }

    /// All boxes.
    var tree: BoxTree { tree(boxes: boxes) }

    private func tree(boxes: UnsafePointer<SIMD4<Double>>) -> BoxTree {
        var levels = stored.levels
        if !isSound(.tree) {
            levels = levels.map { UnsafeBufferPointer(start: $0.baseAddress.map(storage.zeroed), count: $0.count) }
        }
        return BoxTree(
            rowCount: rowCount, locatedCount: layout.locatedCount, boxes: boxes, levels: levels, storage: storage)
    }

    /// `nil` when no row has a text, or it is damaged.
    var text: SegmentText? { storedText == nil || !isSound(.text) ? nil : storedText }

    /// A column with its values; `nil` when no row has one, or it is damaged.
    func column(named name: ColumnName) -> SegmentColumn? {
        guard let column = columns[name], areSound(columnRanges[name] ?? []) else { return nil }
        return column
    }

    func id(_ row: Int) -> String { ids[Int(idRanks[row])] }

    /// The row of an Item's version.
    func row(ofSequence sequence: Int64) -> Int? {
        guard sequence >= firstSequence, sequence <= lastSequence else { return nil }
        var low = 0
        var high = rowCount
        while low < high {
            let middle = (low + high) / 2
            if sequences[Int(sequenceOrder[middle])] < sequence { low = middle + 1 } else { high = middle }
        }
        guard low < rowCount else { return nil }
        let row = Int(sequenceOrder[low])
        return sequences[row] == sequence ? row : nil
    }

    /// The rows of an id: versions of one Item.
    func rows(ofID id: String) -> [Int] {
        var found: [Int] = []
        // Ids are unique in a batch, except for versions of one Item that were written in quick succession.
        let (first, isFound) = ids.lowerBound(id)
        guard isFound else { return [] }
        ids.forEach(from: first) { rank, bytes in
            guard bytes.elementsEqual(id.utf8) else { return false }
            found.append(Int(idOrder[rank]))
            return true
        }
        return found
    }

    /// A row's geometry as WKB, normalised; empty when it has none.
    func geometry(_ row: Int) -> UnsafeRawBufferPointer {
        let offsets = geometryOffsets
        let start = Int(offsets[row])
        let count = Int(offsets[row + 1]) - start
        guard storage.isSound(layout.geometries.offset + start, count) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: stored.geometries + start, count: count)
    }

    func box(_ row: Int) -> PlanarBox? {
        row < layout.locatedCount ? lanes(row).planar : nil
    }

    /// The longitudes of a row's geometry, which may cross the antimeridian.
    func longitudes(_ row: Int) -> LongitudeRange {
        LongitudeRange(box: lanes(row).planar, wkb: geometry(row))
    }

    @inline(__always)
    private func lanes(_ row: Int) -> IndexBox {
        let size = MemoryLayout<SIMD4<Double>>.stride
        guard storage.isSound(layout.boxes.offset + row * size, size) else { return IndexBox.empty }
        return IndexBox(lanes: stored.boxes[row])
    }

    /// The cached result for an area, without reading geometries.
    func candidates(for area: SearchArea) -> BoxTree.Candidates {
        if let known = areas.candidates(area.key) { return known }
        let candidates = tree(boxes: stored.boxes).candidates(for: area.prepared)
        // Wrong results are not to be remembered.
        if !Interruption.isRequested { areas.remember(candidates, area.key) }
        return candidates
    }

    /// The undecided rows among some whose geometry intersects an area.
    func rows(_ rows: Bitmap, intersecting area: SearchArea) -> Bitmap {
        guard !rows.isEmpty else { return rows }
        let meeting = self.rows(rows, intersecting: area.prepared)
        if !Interruption.isRequested { areas.record(compared: rows, meeting: meeting, area.key) }
        return meeting
    }

    private func rows(_ rows: Bitmap, intersecting area: PreparedGeometry) -> Bitmap {
        var result = rows
        var pending: [Int] = []
        pending.reserveCapacity(Self.geometriesAtOnce)
        func test() {
            // Geometries are scattered, and a test stalls until its bytes arrive from memory: touching those of several
            // rows first lets the processor fetch them in parallel.
            if Interruption.isRequested { return pending.removeAll(keepingCapacity: true) }
            touchGeometries(pending)
            for row in pending {
                guard let box = box(row), area.intersects(wkb: geometry(row), box: box) else {
                    result[row] = false
                    continue
                }
            }
            pending.removeAll(keepingCapacity: true)
        }
        rows.forEach { row in
            guard let box = box(row) else {
                result[row] = false
                return
            }
            switch area.relation(to: box) {
            case .covers: break
            case .disjoint: result[row] = false
            case .undecided:
                pending.append(row)
                if pending.count == Self.geometriesAtOnce { test() }
            }
        }
        test()
        return result
    }

    /// Prefetches the geometries of some rows: see `SegmentStorage.prefetch`.
    func prefetchGeometries(_ rows: Bitmap) {
        guard fileName != nil else { return }
        var run: Range<Int>?
        func prefetch(_ run: Range<Int>) {
            let start = Int(geometryOffsets[run.lowerBound])
            self.prefetch(layout.geometries.offset + start, Int(geometryOffsets[run.upperBound]) - start)
        }
        rows.forEach { row in
            if let known = run, row < known.upperBound + Self.geometriesAtOnce {
                run = known.lowerBound..<row + 1
            } else {
                if let run { prefetch(run) }
                run = row..<row + 1
            }
        }
        if let run { prefetch(run) }
    }

    private static let geometriesAtOnce = 32

    /// Reads a byte of each cache line of the beginnings of some rows' geometries, to load them into the caches.
    @inline(never) @discardableResult
    private func touchGeometries(_ rows: [Int]) -> UInt8 {
        var bits: UInt8 = 0
        for row in rows {
            let bytes = geometry(row)
            for offset in stride(from: 0, to: min(bytes.count, 256), by: 64) { bits ^= bytes[offset] }
        }
        return bits
    }

    /// The rank in time order of the first row at or after (`time`, `id`).
    func timeRank(time: Int64, id: String) -> Int {
        let (idRank, _) = ids.lowerBound(id)
        var low = 0
        var high = rowCount
        while low < high {
            let middle = (low + high) / 2
            let row = Int(timeOrder[middle])
            let precedes = times[row] != time ? times[row] < time : Int(idRanks[row]) < idRank
            if precedes { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

import JSON
import Parallelism
import Parquet
import STACGeoParquet
import Synchronization

/// The Items found by a search, in its order; their texts are read on demand.
public struct FoundItems: Sendable {
    private let files: [SearchedFile]
    private let matches: [ItemMatch]
    private let counter: StatisticsCounter
    private let sources: [CountingByteSource]
    /// Properties in the conditions and the order that no file has, and those that there are: misspelt ones, perhaps.
    public let absentProperties: (names: [String], known: [String])

    init(
        files: [SearchedFile], matches: [ItemMatch], counter: StatisticsCounter, sources: [CountingByteSource],
        absentProperties: (names: [String], known: [String])
    ) {
        self.files = files
        self.matches = matches
        self.counter = counter
        self.sources = sources
        self.absentProperties = absentProperties
    }

    public var count: Int { matches.count }

    /// Statistics of the search and of all reads so far.
    public var statistics: SearchStatistics {
        var statistics = counter.value
        for source in sources {
            statistics.readByteCount += source.readByteCount
            statistics.readCount += source.readCount
        }
        return statistics
    }

    /// Items per read.
    private static let chunkCount = 4096

    /// Calls `body` with the texts of all Items.
    ///
    /// - Parameter names: Members of Items and of `properties`: others are not read; see `ItemFileReader`.
    /// - Throws: `ItemFileSearchError`; what `body` throws.
    public func forEachItem(names: Set<String>? = nil, _ body: ([UInt8]) throws -> Void) throws {
        var start = 0
        while start < matches.count {
            let end = min(start + Self.chunkCount, matches.count)
            for text in try texts(of: Array(matches[start..<end]), names) { try body(text) }
            start = end
        }
    }

    /// The ids of all.
    public func forEachID(_ body: (String) throws -> Void) throws {
        let json = JSONReader()
        try forEachItem(names: ["id"]) { text in
            let id = try text.withUnsafeBytes { bytes in try json.read(bytes) { $0.member("id")?.string } }
            try body(id ?? "")
        }
    }

    private struct Group: Sendable {
        let file: Int
        let rowGroup: Int
        /// Indexes among the requested Items, by ascending rows.
        var places: [Int]
    }

    private func texts(of wanted: [ItemMatch], _ names: Set<String>?) throws(ItemFileSearchError) -> [[UInt8]] {
        var groups: [Group] = []
        var known: [SIMD2<Int>: Int] = [:]
        for (place, match) in wanted.enumerated() {
            let key = SIMD2(match.file, match.rowGroup)
            if let group = known[key] {
                groups[group].places.append(place)
            } else {
                known[key] = groups.count
                groups.append(Group(file: match.file, rowGroup: match.rowGroup, places: [place]))
            }
        }
        for index in groups.indices { groups[index].places.sort { wanted[$0].row < wanted[$1].row } }
        let read = try Parallel.map(groups) { group throws(ItemFileSearchError) in
            try self.texts(of: group, wanted, names)
        }
        var texts = [[UInt8]](repeating: [], count: wanted.count)
        for (group, found) in zip(groups, read) {
            for (place, text) in zip(group.places, found) { texts[place] = text }
        }
        return texts
    }

    private func texts(
        of group: Group, _ wanted: [ItemMatch], _ names: Set<String>?
    ) throws(ItemFileSearchError) -> [[UInt8]] {
        let searched = files[group.file]
        var rows: [Range<Int>] = []
        for place in group.places {
            let row = wanted[place].row
            if let last = rows.last, last.upperBound == row {
                rows[rows.count - 1] = last.lowerBound..<row + 1
            } else {
                rows.append(row..<row + 1)
            }
        }
        do {
            let file = try searched.file.completing([group.rowGroup])
            var found: [[UInt8]] = []
            let reader = try ItemFileReader(
                file: file, names: names?.union([ItemShape.overflowName]), partitions: searched.partitions)
            let json = JSONReader()
            try reader.forEachItem(inRowGroup: group.rowGroup, rows: rows) { place, text in
                do {
                    // What goes out has to be I-JSON, whatever a column's text is.
                    try json.read(text) { _ in }
                } catch {
                    let row = wanted[group.places[place]].row
                    throw ItemFileSearchError(
                        path: searched.path, reason: "row group \(group.rowGroup), row \(row + 1): \(error)")
                }
                found.append(Array(text))
            }
            return found
        } catch let error as ItemFileSearchError {
            throw error
        } catch {
            throw ItemFileSearchError(path: searched.path, reason: "\(error)")
        }
    }
}

import Geo
import ItemFilter
import Parallelism
import Parquet
public import STACAPI
import STACGeoParquet
import Synchronization

/// Searches the Items in GeoParquet files, as a server would search its catalogue.
///
///     let search = try ItemFileSearch(request, files: ItemFilePaths.files(of: ["export/sentinel-2-c1-l2a"]))
///     let found = try search.run()
///     try found.forEachItem { text in … }
///
/// Requests have the same semantics as in the API; files are read in parallel on all cores. See
/// `docs/reference/file-search.md` for the order in which files, row groups, pages and columns are pruned.
public struct ItemFileSearch: Sendable {
    private let conditions: SearchConditions
    private let limit: Int?
    private let paths: [String]

    /// - Parameters:
    ///   - request: Its `limit` and `cursor` are ignored, and it must not have a free text.
    ///   - limit: Maximum number of Items, the first in the request's order; `nil`: all.
    /// - Throws: `CQL2Error`, `GeoError` for an unusable filter or area.
    public init(_ request: SearchRequest, files paths: [String], limit: Int? = nil) throws {
        conditions = try SearchConditions(request)
        self.limit = limit
        self.paths = paths
    }

    /// - Parameter isOrdered: Whether to sort the Items; otherwise they come in the order of the files.
    /// - Throws: `ItemFileSearchError` with the file at fault, also when it is one of many.
    public func run(isOrdered: Bool = true) throws -> FoundItems {
        let envelopes = conditions.areas.map { PreparedGeometry($0).envelopes }
        let counter = StatisticsCounter()
        let sources = Mutex<[CountingByteSource]>([])
        let opened = try Parallel.map(paths) { path throws(ItemFileSearchError) -> SearchedFile? in
            let source: CountingByteSource
            do throws(ParquetError) {
                source = CountingByteSource(try FileByteSource(path: path))
            } catch {
                throw ItemFileSearchError(path: path, reason: error.reason(without: path))
            }
            sources.withLock { $0.append(source) }
            return try SearchedFile(
                path: path, source: source, conditions, envelopes: envelopes, isOrdered: isOrdered)
        }
        let files = opened.compactMap { $0 }
        let groups = files.enumerated().flatMap { place, file in
            file.file.rowGroups.indices.map { (file: place, rowGroup: $0) }
        }
        counter.add { statistics in
            statistics.fileCount = paths.count
            statistics.openedFileCount = files.count
            statistics.rowGroupCount = groups.count
        }
        let found = try Parallel.map(groups) { group throws(ItemFileSearchError) in
            do {
                return try RowGroupScan(
                    searched: files[group.file], place: group.file, rowGroup: group.rowGroup, conditions: conditions,
                    isOrdered: isOrdered, statistics: counter
                ).matches()
            } catch {
                throw ItemFileSearchError(path: files[group.file].path, reason: "\(error)")
            }
        }
        var matches = found.flatMap { $0 }
        counter.add { $0.matchCount = matches.count }
        if isOrdered { matches.sort(by: conditions.order) }
        if let limit, matches.count > limit { matches.removeSubrange(limit...) }
        return FoundItems(
            files: files, matches: matches, counter: counter, sources: sources.withLock { $0 },
            absentProperties: conditions.absentProperties(in: files))
    }
}

extension ParquetError {
    /// System errors include the file's name.
    fileprivate func reason(without path: String) -> String {
        let text = "\(self)"
        guard case .inputOutput(let reason) = self, reason.hasPrefix(path + ": ") else { return text }
        return String(reason.dropFirst(path.count + 2))
    }
}

extension [ItemMatch] {
    fileprivate mutating func sort(by keys: [SortKey]) {
        sort { left, right in
            for (index, key) in keys.enumerated() {
                if let result = left.values[index].precedes(right.values[index], key.direction) { return result }
            }
            return (left.file, left.rowGroup, left.row) < (right.file, right.rowGroup, right.row)
        }
    }
}

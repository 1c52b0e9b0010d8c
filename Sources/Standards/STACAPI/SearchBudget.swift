/// The limits of one search, and its statistics so far. For one search on one thread.
public final class SearchBudget {
    public struct Limits: Sendable {
        /// Largest number of Items that the search may decode because the index's columns do not decide.
        public var maximumItemsDecoded: Int
        /// Whether the client has gone; polled during the search.
        public var isCancelled: @Sendable () -> Bool

        public init(maximumItemsDecoded: Int = .max, isCancelled: @escaping @Sendable () -> Bool = { false }) {
            self.maximumItemsDecoded = maximumItemsDecoded
            self.isCancelled = isCancelled
        }
    }

    public struct Counts: Sendable, Hashable {
        /// Segments of the requested collections.
        public var segments = 0
        /// Segments skipped by their bounds and statistics alone.
        public var prunedSegments = 0
        /// Rows whose boxes match the query areas.
        public var rowsInAreas = 0
        /// Rows whose exact geometry was tested.
        public var exactGeometryTests = 0
        /// Items decoded to decide whether they match.
        public var itemsDecoded = 0
    }

    public private(set) var counts = Counts()
    private let limits: Limits

    public init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether the client has gone; may be called on other threads.
    public var isCancelled: @Sendable () -> Bool { limits.isCancelled }

    /// Counts one more segment.
    ///
    /// - Throws: `SearchAborted.cancelled`.
    public func beginSegment() throws(SearchAborted) {
        counts.segments += 1
        try proceed()
    }

    /// Checks for cancellation between pieces of work.
    ///
    /// - Throws: `SearchAborted.cancelled`.
    public func proceed() throws(SearchAborted) {
        if limits.isCancelled() { throw .cancelled }
    }

    public func pruneSegment() { counts.prunedSegments += 1 }

    public func record(rowsInAreas: Int) { counts.rowsInAreas += rowsInAreas }

    public func record(exactGeometryTests: Int) { counts.exactGeometryTests += exactGeometryTests }

    /// Called before Items are decoded.
    ///
    /// - Throws: `SearchAborted.tooManyItemsDecoded` when they would exceed the limit.
    public func willDecode(itemCount: Int) throws(SearchAborted) {
        guard itemCount <= limits.maximumItemsDecoded - counts.itemsDecoded else {
            throw .tooManyItemsDecoded(limit: limits.maximumItemsDecoded)
        }
        counts.itemsDecoded += itemCount
    }

    /// Called for each Item; checks for cancellation at every 256th.
    ///
    /// - Throws: `SearchAborted.cancelled`.
    public func proceed(at index: Int) throws(SearchAborted) {
        if index % 256 == 0 { try proceed() }
    }
}

/// The reason for which a search was aborted.
public enum SearchAborted: Error, Hashable {
    /// The client has gone.
    case cancelled
    /// The search would decode more Items than its budget allows.
    case tooManyItemsDecoded(limit: Int)
}

extension SearchAborted: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cancelled: "The search was cancelled."
        case .tooManyItemsDecoded(let limit):
            """
            The search would have to decode more than \(limit) Items, because it compares members that the \
            index has no columns for: members of objects and arrays, or elevations. Add conditions on area, time, or \
            properties of the queryables.
            """
        }
    }
}

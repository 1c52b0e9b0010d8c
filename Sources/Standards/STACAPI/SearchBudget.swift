/// What one search may cost, and what it has cost so far. For one search on one thread.
public final class SearchBudget {
    public struct Limits: Sendable {
        /// Items whose documents may be read because the columns of the index do not decide.
        public var documentCount: Int
        /// Asked now and then: whether nobody waits for the result any more.
        public var isCancelled: @Sendable () -> Bool

        public init(documentCount: Int = .max, isCancelled: @escaping @Sendable () -> Bool = { false }) {
            self.documentCount = documentCount
            self.isCancelled = isCancelled
        }
    }

    public struct Counts: Sendable, Hashable {
        /// Segments of the collections that were asked for.
        public var segments = 0
        /// Of these, those that could be passed over by what is known of them as a whole.
        public var prunedSegments = 0
        /// Rows whose boxes lie in the areas as far as boxes tell.
        public var rowsInAreas = 0
        /// Rows whose outlines were compared with an area.
        public var exactGeometryTests = 0
        /// Items whose documents were read to decide.
        public var documents = 0
    }

    public private(set) var counts = Counts()
    private let limits: Limits

    public init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Asks whether nobody waits for the result any more; also for work on other threads.
    public var isCancelled: @Sendable () -> Bool { limits.isCancelled }

    /// Notes one more segment.
    ///
    /// - Throws: `SearchAborted.cancelled`.
    public func beginSegment() throws(SearchAborted) {
        counts.segments += 1
        try proceed()
    }

    /// Called between pieces of work.
    ///
    /// - Throws: `SearchAborted.cancelled`.
    public func proceed() throws(SearchAborted) {
        if limits.isCancelled() { throw .cancelled }
    }

    public func passOverSegment() { counts.prunedSegments += 1 }

    public func note(rowsInAreas: Int) { counts.rowsInAreas += rowsInAreas }

    public func note(exactGeometryTests: Int) { counts.exactGeometryTests += exactGeometryTests }

    /// Called before documents are read.
    ///
    /// - Throws: `SearchAborted.tooManyItemsDecoded` when that would be more than allowed.
    public func willRead(documents: Int) throws(SearchAborted) {
        guard documents <= limits.documentCount - counts.documents else {
            throw .tooManyItemsDecoded(limit: limits.documentCount)
        }
        counts.documents += documents
    }

    /// Called for each document.
    ///
    /// - Throws: `SearchAborted.cancelled`.
    public func proceed(at index: Int) throws(SearchAborted) {
        if index % 256 == 0 { try proceed() }
    }
}

/// Why a search has come to no end.
public enum SearchAborted: Error, Hashable {
    /// Nobody waits for it.
    case cancelled
    /// It would have to look into more Items than it may.
    case tooManyItemsDecoded(limit: Int)
}

extension SearchAborted: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cancelled: "The search was given up."
        case .tooManyItemsDecoded(let limit):
            """
            The search would have to look into the documents of more than \(limit) Items, because it compares what the \
            index has no columns of: members of objects and arrays, or elevations. Add conditions on area, time, or \
            properties of the queryables.
            """
        }
    }
}

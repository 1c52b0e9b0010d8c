import Synchronization

/// How much of the files a search has looked at.
public struct SearchStatistics: Sendable, Hashable {
    public var fileCount = 0
    /// Files whose row groups were looked at: the others were passed over by their heads.
    public var openedFileCount = 0
    /// Of the files that were opened.
    public var rowGroupCount = 0
    public var readRowGroupCount = 0
    /// Of the row groups that were read.
    public var rowCount = 0
    /// Rows that column and page bounds have left.
    public var candidateRowCount = 0
    /// Rows that were put together as Items to be evaluated.
    public var evaluatedRowCount = 0
    public var matchCount = 0
    public var readByteCount = 0
    public var readCount = 0
}

/// Counts from several threads.
final class StatisticsCounter: Sendable {
    private let statistics = Mutex(SearchStatistics())

    func add(_ change: (inout SearchStatistics) -> Void) {
        statistics.withLock { change(&$0) }
    }

    var value: SearchStatistics { statistics.withLock { $0 } }
}

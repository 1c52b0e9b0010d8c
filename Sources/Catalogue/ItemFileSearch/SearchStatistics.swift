import Synchronization

/// The amount of data that a search has read.
public struct SearchStatistics: Sendable, Hashable {
    public var fileCount = 0
    /// Files whose row groups were examined: the others were pruned by their metadata.
    public var openedFileCount = 0
    /// Row groups of the opened files.
    public var rowGroupCount = 0
    public var readRowGroupCount = 0
    /// Rows of the row groups that were read.
    public var rowCount = 0
    /// Rows left after pruning by column and page bounds.
    public var candidateRowCount = 0
    /// Rows that were decoded as Items to be evaluated.
    public var evaluatedRowCount = 0
    public var matchCount = 0
    public var readByteCount = 0
    public var readCount = 0
}

/// Counters shared by several threads.
final class StatisticsCounter: Sendable {
    private let statistics = Mutex(SearchStatistics())

    func add(_ change: (inout SearchStatistics) -> Void) {
        statistics.withLock { change(&$0) }
    }

    var value: SearchStatistics { statistics.withLock { $0 } }
}

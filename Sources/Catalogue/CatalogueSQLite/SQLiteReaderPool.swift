import Catalogue
import GRDB
import Synchronization

/// A pool of read connections, each used by one thread at a time. No caller waits: when all are in use, another is
/// opened.
final class SQLiteReaderPool: Sendable {
    private let path: String
    private let configuration: SQLiteItemStore.Configuration
    private let idle = Mutex<[SQLiteReader]>([])
    private let maximumIdleCount = 64
    private let currentAccess: Mutex<SQLiteReader.Access>

    init(path: String, access: SQLiteReader.Access, configuration: SQLiteItemStore.Configuration) {
        self.path = path
        self.configuration = configuration
        currentAccess = Mutex(access)
    }

    /// That of connections opened from now on; a new value closes those that are idle.
    var access: SQLiteReader.Access {
        get { currentAccess.withLock { $0 } }
        set {
            currentAccess.withLock { $0 = newValue }
            idle.withLock { $0 = [] }
        }
    }

    func withReader<Result>(_ body: (SQLiteReader) throws -> Result) throws -> Result {
        try catalogueErrors {
            // The last one returned: its page cache is the warmest.
            let access = access
            let known = idle.withLock { $0.popLast() }.flatMap { $0.isCurrent ? $0 : nil }
            let reader = try known ?? SQLiteReader(path: path, access: access, configuration: configuration)
            let result: Result
            do {
                result = try body(reader)
            } catch {
                // Not reused: after a SQLite error the state of the connection is unknown.
                if !(error is DatabaseError) { give(back: reader) }
                throw error
            }
            give(back: reader)
            return result
        }
    }

    private func give(back reader: SQLiteReader) {
        idle.withLock { idle in
            if idle.count < maximumIdleCount, reader.access == access { idle.append(reader) }
        }
    }
}

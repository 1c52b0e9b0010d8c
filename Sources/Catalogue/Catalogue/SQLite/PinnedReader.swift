import Synchronization

/// One view of a store for as long as this lives; threads read one after the other.
final class PinnedReader: Sendable {
    private let reader: Mutex<SQLiteReader>

    init(path: String) throws {
        reader = Mutex(
            try catalogueErrors {
                let reader = try SQLiteReader(path: path, configuration: .init())
                try reader.pin()
                return reader
            })
    }

    func read<Result: Sendable>(_ body: (SQLiteReader) throws -> Result) throws -> Result {
        try reader.withLock { reader in
            let reader = reader
            return try catalogueErrors { try body(reader) }
        }
    }
}

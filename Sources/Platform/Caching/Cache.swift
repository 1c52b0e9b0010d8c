public import Synchronization

/// A `SieveTable` for any number of threads.
public final class Cache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline let table: Mutex<SieveTable<Key, Value>>

    /// - Parameters:
    ///   - byteLimit: Of all values together.
    ///   - entryByteLimit: Larger values are not kept; `nil`: a sixteenth of all.
    @inlinable
    public init(byteLimit: Int, entryByteLimit: Int? = nil) {
        table = Mutex(SieveTable(byteLimit: byteLimit, entryByteLimit: entryByteLimit))
    }

    @inlinable
    public func value(for key: Key) -> Value? {
        table.withLock { $0.value(for: key) }
    }

    /// - Returns: The values in the order of the keys; `nil` for those that are not here.
    @inlinable
    public func values(for keys: [Key]) -> [Value?] {
        table.withLock { table in keys.map { table.value(for: $0) } }
    }

    /// Changes a value that is here, in its place; its bytes stay as many.
    @inlinable
    public func update(_ key: Key, _ body: @Sendable (inout Value) -> Void) {
        table.withLock { $0.update(key, body) }
    }

    /// Adds a value, unless there is one for the key.
    @inlinable
    public func insert(_ value: Value, for key: Key, byteCount: Int) {
        // Values go outside the lock.
        let removed = table.withLock { $0.insert(value, for: key, byteCount: byteCount) }
        _ = consume removed
    }

    @inlinable
    public func removeAll() {
        table.withLock { $0.removeAll() }
    }

    /// Of the values that are here.
    @inlinable
    public var byteCount: Int { table.withLock { $0.byteCount } }
}

import Synchronization

/// Whether the server accepts connections.
final class Listening: Sendable {
    private let value = Mutex<Int?>(nil)

    /// `nil`: not yet.
    var port: Int? {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

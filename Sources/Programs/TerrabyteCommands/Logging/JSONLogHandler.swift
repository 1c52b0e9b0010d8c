import JSON
import Logging
import ServiceModule
import Synchronization
import Temporal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The level of a program's log, which may change while it runs.
final class LogLevel: Sendable {
    private let level: Mutex<Logger.Level>

    init(_ level: Logger.Level) {
        self.level = Mutex(level)
    }

    var value: Logger.Level {
        get { level.withLock { $0 } }
        set { level.withLock { $0 = newValue } }
    }
}

/// Makes libraries log as this program does.
public func bootstrapLogging() {
    let level = LogLevel(.notice)
    LoggingSystem.bootstrap { _ in JSONLogHandler(level) { Console.current.errors($0) } }
}

/// Writes each log entry as one line of JSON to standard error: `time`, `level`, `message`, then the metadata.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let level: LogLevel
    /// Of this logger alone.
    private var ownLevel: Logger.Level?
    private let write: @Sendable (String) -> Void

    init(_ level: LogLevel, write: @escaping @Sendable (String) -> Void) {
        self.level = level
        self.write = write
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? level.value }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: JSONObject = [
            "time": .string(Self.now.description),
            "level": .string(event.level.rawValue), "message": .string(event.message.description),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        // The framework's own request id is not the one that clients see.
        for (key, value) in all.sorted(by: { $0.key < $1.key }) where key != "hb.request.id" {
            line[key] = Self.json(value)
        }
        write(JSONValue.object(line).jsonText + "\n")
    }

    private static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    private static func json(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value as Int): JSONValue(value)
        case .stringConvertible(let value): .string(value.description)
        case .array(let values): .array(values.map(json))
        case .dictionary(let values):
            .object(values.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = json($1.value) })
        }
    }
}

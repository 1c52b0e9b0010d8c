public import Configuration
import JSON
import Synchronization

/// A section of the configuration. Keys that are read become known; others in the file are errors.
public struct Settings: Sendable {
    private let reader: ConfigReader
    /// Names of the sections that this is in, with a dot behind each.
    private let prefix: String
    private let known: KnownKeys
    /// The keys of the file, as `section.key`.
    private let fileKeys: [String]

    /// - Parameter fileKeys: Keys that may be misspelt, as `section.key`.
    public init(_ reader: ConfigReader, fileKeys: [String] = []) {
        self.init(reader, prefix: "", KnownKeys(), fileKeys)
    }

    private init(_ reader: ConfigReader, prefix: String, _ known: KnownKeys, _ fileKeys: [String]) {
        self.reader = reader
        self.prefix = prefix
        self.known = known
        self.fileKeys = fileKeys
    }

    /// A section of this one.
    public func scoped(to section: String) -> Settings {
        Settings(reader.scoped(to: ConfigKey(section)), prefix: prefix + section + ".", known, fileKeys)
    }

    // MARK: Values

    /// - Returns: `nil` when there is none or an empty one.
    public func string(_ key: String, isSecret: Bool = false) -> String? {
        record(key)
        return reader.string(forKey: ConfigKey(key), isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
    }

    public func string(_ key: String, default value: String) -> String { string(key) ?? value }

    public func strings(_ key: String) -> [String]? {
        record(key)
        return reader.stringArray(forKey: ConfigKey(key))
    }

    /// - Throws: `CommandError` for a value that is no whole number in the range.
    public func int(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        record(key)
        return try checked(key) {
            // Files have numbers, the environment has texts.
            let name = ConfigKey(key)
            guard let value = try reader.int(forKey: name) ?? reader.string(forKey: name).map(Self.number) else {
                return nil
            }
            guard range.contains(value) else {
                throw CommandError("\(value) is not in \(range.lowerBound)...\(range.upperBound)")
            }
            return value
        }
    }

    public func int(_ key: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
        try int(key, in: range) ?? value
    }

    private static func number(_ text: String) throws -> Int {
        guard let value = Int(text) else { throw CommandError("'\(text)' is not a whole number") }
        return value
    }

    /// Reads and checks a value; errors name its key.
    public func checked<Value>(_ key: String, _ read: () throws -> Value) throws -> Value {
        do { return try read() } catch { throw CommandError("\(prefix)\(key): \(line(for: error))") }
    }

    private func record(_ key: String) { known.insert(prefix + key) }

    // MARK: Unknown keys

    /// - Parameter sections: Sections whose keys were not read.
    /// - Throws: `CommandError` for the first unknown key of the file.
    func rejectUnknownKeys(ignoringSections sections: [String]) throws {
        let names = known.all
        for key in fileKeys where !names.contains(key) {
            guard !sections.contains(where: { key == $0 || key.hasPrefix($0 + ".") }) else { continue }
            throw CommandError("\(key): there is no such key\(suggestion(for: key, among: names.sorted()))")
        }
    }
}

private final class KnownKeys: Sendable {
    private let names = Mutex<Set<String>>([])

    func insert(_ name: String) { _ = names.withLock { $0.insert(name) } }
    var all: Set<String> { names.withLock { $0 } }
}

extension JSONValue {
    /// The keys of a configuration file, as `section.key`.
    var settingsKeys: [String] {
        guard let object else { return [] }
        return object.flatMap { member in
            let inner = member.value.settingsKeys
            return inner.isEmpty ? [member.name] : inner.map { "\(member.name).\($0)" }
        }
    }
}

import Configuration
import Synchronization

/// A section of the configuration. Keys that are read become known; others are errors.
public struct Settings: Sendable {
    /// Sources in the order of their precedence.
    private let sources: [SettingsSource]
    /// Names of the sections that this is in, with a dot behind each.
    private let prefix: String
    private let record: SettingsRecord

    /// - Parameter sources: Those that come first take precedence.
    init(_ sources: [SettingsSource]) {
        self.init(sources, prefix: "", SettingsRecord())
    }

    private init(_ sources: [SettingsSource], prefix: String, _ record: SettingsRecord) {
        self.sources = sources
        self.prefix = prefix
        self.record = record
    }

    /// A section of this one.
    public func scoped(to section: String) -> Settings {
        Settings(sources, prefix: prefix + section + ".", record)
    }

    /// The section of another service.
    public func other(_ section: String) -> Settings {
        Settings(sources, prefix: section + ".", record)
    }

    // MARK: Values

    /// - Returns: `nil` when there is none or an empty one.
    /// - Throws: `CommandError` for a value that is no text.
    public func string(_ key: String, isSecret: Bool = false) throws -> String? {
        try text(key, default: nil, isSecret: isSecret)
    }

    public func string(_ key: String, default value: String) throws -> String {
        try text(key, default: value, isSecret: false) ?? value
    }

    /// A text that is shown in another form, such as a URL without its password.
    ///
    /// - Parameters:
    ///   - value: The text where there is none.
    ///   - convert: Makes a value of the text; what is shown is its description. Its errors must not repeat the text.
    public func secret<Value: CustomStringConvertible>(
        _ key: String, default value: Value?, _ convert: (String) throws -> Value
    ) throws -> Value? {
        let found = try find(key, "a text") { reader, name in reader.string(forKey: name, isSecret: true) }
        let converted = try found.flatMap { $0.value.isEmpty ? nil : $0 }.map { found in
            (value: try checked(key) { try convert(found.value) }, origin: found.origin)
        }
        record(key, (converted?.value ?? value).map { "\($0)" }, converted?.origin)
        return converted?.value ?? value
    }

    /// As `secret`, of a list of texts.
    public func secrets<Value: CustomStringConvertible>(
        _ key: String, _ convert: (String) throws -> Value
    ) throws -> [Value] {
        let found = try find(key, "a list of texts") { reader, name in reader.stringArray(forKey: name, isSecret: true)
        }
        let values = try checked(key) { try (found?.value ?? []).map(convert) }
        record(key, found == nil ? nil : values.map { "\($0)" }.joined(separator: ", "), found?.origin)
        return values
    }

    private func text(_ key: String, default value: String?, isSecret: Bool) throws -> String? {
        let found = try find(key, "a text") { reader, name in reader.string(forKey: name, isSecret: isSecret) }
        let text = found.flatMap { $0.value.isEmpty ? nil : $0 }
        let shown = text?.value ?? value
        record(key, shown.map { isSecret ? "(secret)" : $0 }, text?.origin)
        return text?.value
    }

    /// - Throws: `CommandError` for a value that is no list of texts.
    public func strings(_ key: String) throws -> [String]? {
        let found = try find(key, "a list of texts") { reader, name in reader.stringArray(forKey: name) }
        record(key, found?.value.joined(separator: ", "), found?.origin)
        return found?.value
    }

    /// - Throws: `CommandError` for a value that is no whole number in the range.
    public func int(_ key: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
        let found = try find(key, "a whole number") { reader, name in
            // Files have numbers, the environment has texts.
            try reader.int(forKey: name) ?? reader.string(forKey: name).map(Self.number)
        }
        guard let found else {
            record(key, String(value), nil)
            return value
        }
        record(key, String(found.value), found.origin)
        return try checked(key) {
            guard range.contains(found.value) else {
                throw CommandError("\(found.value) is not in \(range.lowerBound)...\(range.upperBound)")
            }
            return found.value
        }
    }

    /// - Throws: `CommandError` for a value that is neither true nor false.
    public func bool(_ key: String, default value: Bool) throws -> Bool {
        let found = try find(key, "true or false") { reader, name in
            reader.bool(forKey: name) ?? reader.string(forKey: name).flatMap(Bool.init)
        }
        record(key, String(found?.value ?? value), found?.origin)
        return found?.value ?? value
    }

    public func seconds(_ key: String, in range: ClosedRange<Int>, default value: Duration) throws -> Duration {
        .seconds(try int(key, in: range, default: Int(value.components.seconds)))
    }

    private static func number(_ text: String) throws -> Int {
        guard let value = Int(text) else { throw CommandError("'\(text)' is not a whole number") }
        return value
    }

    /// Reads and checks a value; errors name its key.
    public func checked<Value>(_ key: String, _ read: () throws -> Value) throws -> Value {
        do { return try read() } catch { throw CommandError("\(prefix)\(key): \(line(for: error))") }
    }

    private func find<Value>(
        _ key: String, _ kind: String, _ read: (ConfigReader, ConfigKey) throws -> Value?
    ) throws -> (value: Value, origin: SettingOrigin)? {
        let name = prefix + key
        for source in sources {
            guard let origin = source.origin(name) else { continue }
            return try checked(key) {
                guard let value = try read(source.reader, ConfigKey(name)) else {
                    throw CommandError("must be \(kind)")
                }
                return (value, origin)
            }
        }
        return nil
    }

    private func record(_ key: String, _ value: String?, _ origin: SettingOrigin?) {
        record.add(EffectiveSetting(key: prefix + key, value: value, origin: origin ?? .defaultValue))
    }

    // MARK: All of them

    /// Those that were read, in the order of the first time.
    public var effective: [EffectiveSetting] { record.all }

    /// - Throws: `CommandError` for the first name that no key has which was read.
    func rejectUnknownNames() throws {
        let keys = record.all.map(\.key)
        for source in sources { try source.rejectUnknownNames(known: keys) }
    }
}

/// The value that a key of the configuration has.
public struct EffectiveSetting: Sendable, Hashable {
    /// As in `section.key`.
    public let key: String
    /// `nil`: none. Of a secret, only that there is one.
    public let value: String?
    public let origin: SettingOrigin
}

/// Where the value of a key is from.
public enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
    case defaultValue
    /// Its path.
    case file(String)
    /// A variable of the environment.
    case variable(String)
    /// An option of the command.
    case option(String)

    public var description: String {
        switch self {
        case .defaultValue: "default"
        case .file(let path): path
        case .variable(let name), .option(let name): name
        }
    }
}

private final class SettingsRecord: Sendable {
    private let settings = Mutex<(order: [String], values: [String: EffectiveSetting])>(([], [:]))

    func add(_ setting: EffectiveSetting) {
        settings.withLock { settings in
            if settings.values.updateValue(setting, forKey: setting.key) == nil { settings.order.append(setting.key) }
        }
    }

    var all: [EffectiveSetting] { settings.withLock { settings in settings.order.compactMap { settings.values[$0] } } }
}

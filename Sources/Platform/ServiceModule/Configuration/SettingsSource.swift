import Configuration
import JSON
import Spelling
import SystemPackage

/// One place that settings are read from.
struct SettingsSource: Sendable {
    let reader: ConfigReader
    /// Where a key has its value here; `nil`: it has none.
    let origin: @Sendable (_ key: String) -> SettingOrigin?
    /// Names that are there, with the function that makes such a name of a key.
    private let names: [String]
    private let encode: @Sendable (_ key: String) -> String
    private let kind: String

    /// - Throws: `CommandError` for a name that is made of none of the keys, with the nearest that is.
    func rejectUnknownNames(known keys: [String]) throws {
        let known = Set(keys.map(encode))
        for name in names where !known.contains(name) {
            throw CommandError("\(name): there is no such \(kind)\(suggestion(for: name, among: known.sorted()))")
        }
    }
}

// MARK: Options

extension SettingsSource {
    /// The value that an option, or a variable with a name of its own, gives to a key.
    static func value(_ value: String, of key: String, _ origin: SettingOrigin) -> SettingsSource {
        let provider = InMemoryProvider(
            values: [AbsoluteConfigKey(ConfigKey(key)): ConfigValue(.string(value), isSecret: true)])
        return SettingsSource(
            reader: ConfigReader(provider: provider), origin: { $0 == key ? origin : nil }, names: [],
            encode: { $0 }, kind: "option")
    }
}

// MARK: Files

extension SettingsSource {
    /// - Parameters:
    ///   - path: Of a file with a JSON object.
    ///   - allowsMissing: Whether there may be no such file.
    /// - Throws: `CommandError` for a file that cannot be read, or is no JSON object.
    static func file(_ path: String, allowsMissing: Bool) async throws -> SettingsSource {
        do {
            let content = try FileDescriptor.content(of: path)
            guard content != nil || allowsMissing else { throw CommandError("there is no such configuration file") }
            let document = try content.map { try JSONValue(parsing: $0) } ?? [:]
            guard document.object != nil else { throw CommandError("a configuration file has a JSON object") }
            let keys = document.settingsKeys
            let present = Set(keys)
            let provider = try await FileProvider<JSONSnapshot>(filePath: FilePath(path), allowMissing: allowsMissing)
            return SettingsSource(
                reader: ConfigReader(provider: provider), origin: { present.contains($0) ? .file(path) : nil },
                names: keys, encode: { $0 }, kind: "key")
        } catch let error as Errno {
            throw CommandError("The configuration file \(path) cannot be read: \(error).")
        } catch {
            throw CommandError("\(path): \(line(for: error))")
        }
    }
}

extension FileDescriptor {
    /// - Returns: `nil` when there is no such file.
    fileprivate static func content(of path: String) throws -> [UInt8]? {
        let descriptor: FileDescriptor
        do { descriptor = try open(path, .readOnly) } catch Errno.noSuchFileOrDirectory { return nil }
        return try descriptor.closeAfter {
            var content: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 14)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                guard count > 0 else { return content }
                content += buffer[..<count]
            }
        }
    }
}

extension JSONValue {
    /// The keys of a configuration file, as `section.key`.
    fileprivate var settingsKeys: [String] {
        guard let object else { return [] }
        return object.flatMap { member in
            let inner = member.value.settingsKeys
            return inner.isEmpty ? [member.name] : inner.map { "\(member.name).\($0)" }
        }
    }
}

// MARK: The environment

extension SettingsSource {
    private static let prefix = "TERRABYTE_"

    /// Variables that are `TERRABYTE_` and a key in capitals with underscores.
    ///
    /// - Parameter ignoring: Names of variables that are no settings.
    static func environment(_ variables: [String: String], ignoring ignored: Set<String>) -> SettingsSource {
        let provider = EnvironmentVariablesProvider(environmentVariables: variables).prefixKeys(with: "terrabyte")
        let names = variables.filter { name, value in
            name.hasPrefix(prefix) && !ignored.contains(name) && !isServiceDiscovery(name, value)
        }
        return SettingsSource(
            reader: ConfigReader(provider: provider),
            origin: { key in
                let name = variable(of: key)
                return variables[name].flatMap { $0.isEmpty ? nil : .variable(name) }
            },
            names: names.keys.sorted(), encode: variable(of:), kind: "setting")
    }

    /// Kubernetes sets such variables in every container for a Service that is called terrabyte.
    ///
    /// Source: [Kubernetes, Service](https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
    private static func isServiceDiscovery(_ name: String, _ value: String) -> Bool {
        name.hasPrefix("TERRABYTE_SERVICE_") || name.hasPrefix("TERRABYTE_PORT_")
            || name == "TERRABYTE_PORT" && value.contains("://")
    }

    /// `TERRABYTE_SERVER_PUBLIC_URL` of `server.publicURL`, as the library has it.
    static func variable(of key: String) -> String {
        var name = prefix
        var previous: Character = "."
        for character in key {
            if character.isUppercase, previous.isLowercase { name.append("_") }
            name += character.isLetter || character.isNumber ? character.uppercased() : "_"
            previous = character
        }
        return name
    }
}

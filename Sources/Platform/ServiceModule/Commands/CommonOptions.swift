public import ArgumentParser
import Configuration
import JSON
import SystemPackage
public import Telemetry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Options of all commands.
public struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Directory of the catalogue (default: $TERRABYTE_HOME, else ./terrabyte-home).", valueName: "dir"))
    public var home: String?

    @Option(
        help: ArgumentHelp(
            "Configuration file, in JSON (default: terrabyte.json in the directory of the catalogue).",
            valueName: "file"))
    public var config: String?

    public init() {}

    /// Settings from the file, overridden by the environment's, overridden by the options'.
    ///
    /// - Throws: `CommandError` for a file that cannot be read.
    public func configuration(
        environment: [String: String] = CommandEnvironment.variables
    ) async throws -> PlatformConfiguration {
        var home = PlatformConfiguration.defaultHome
        if let named = self.home ?? environment["TERRABYTE_HOME"], !named.isEmpty { home = named }
        let path = config ?? home + "/terrabyte.json"
        let file: FileProvider<JSONSnapshot>
        var keys: [String] = []
        do {
            file = try await FileProvider<JSONSnapshot>(filePath: FilePath(path), allowMissing: config == nil)
            if let content = try? Data(contentsOf: URL(fileURLWithPath: path)) {
                keys = try JSONValue(parsing: Array(content)).settingsKeys
            }
        } catch {
            throw CommandError("\(path): \(line(for: error))")
        }
        // The environment comes first and takes precedence.
        let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "terrabyte")
        let settings = Settings(ConfigReader(providers: [variables, file]), fileKeys: keys)
        return try PlatformConfiguration(home: home, settings)
    }
}

/// The environment of the process in which commands run. Only programs read it.
public enum CommandEnvironment {
    @TaskLocal public static var variables: [String: String] = [:]
    /// The metrics of the process.
    @TaskLocal public static var telemetry = MetricRegistry()
}

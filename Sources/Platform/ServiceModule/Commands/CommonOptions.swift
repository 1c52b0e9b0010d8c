public import ArgumentParser
public import Telemetry

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

    @Option(
        help: ArgumentHelp(
            "PostgreSQL database of the catalogue, postgresql://… (default: $TERRABYTE_DATABASE, else SQLite in the directory).",
            valueName: "url"))
    public var database: String?

    public init() {}

    public var sources: ConfigurationSources { ConfigurationSources(home: home, file: config, database: database) }

    /// As `ConfigurationSources.configuration`.
    public func configuration(
        environment: [String: String] = CommandEnvironment.variables
    ) async throws -> PlatformConfiguration {
        try await sources.configuration(environment: environment)
    }
}

/// What options say of where settings are from.
public struct ConfigurationSources: Sendable {
    /// Directory of the catalogue.
    let home: String?
    let file: String?
    let database: String?

    package init(home: String?, file: String? = nil, database: String? = nil) {
        self.home = home
        self.file = file
        self.database = database
    }

    /// Variables that are no settings: the option's, and those of the project's tests, which start programs.
    private static let otherVariables: Set<String> = [
        "TERRABYTE_DATABASE", "TERRABYTE_HOME", "TERRABYTE_EXECUTABLE", "TERRABYTE_SHARED_DATA",
        "TERRABYTE_TEST_FACTOR",
        "TERRABYTE_TEST_SEED",
    ]

    /// Settings from the file, overridden by the environment's, overridden by the options'.
    ///
    /// - Throws: `CommandError` for a file that cannot be read, and for keys and variables that no service has.
    public func configuration(
        environment: [String: String] = CommandEnvironment.variables
    ) async throws -> PlatformConfiguration {
        var directory = PlatformConfiguration.defaultHome
        if let named = home ?? environment["TERRABYTE_HOME"], !named.isEmpty { directory = named }
        let path = file ?? directory + "/terrabyte.json"
        // The environment comes first and takes precedence.
        var sources: [SettingsSource] = [
            .environment(environment, ignoring: Self.otherVariables),
            try await .file(path, allowsMissing: file == nil),
        ]
        if let database {
            sources.insert(.value(database, of: "database.url", .option("--database")), at: 0)
        } else if let database = environment["TERRABYTE_DATABASE"], !database.isEmpty {
            sources.insert(.value(database, of: "database.url", .variable("TERRABYTE_DATABASE")), at: 0)
        }
        let settings = Settings(sources)
        let configuration = try PlatformConfiguration(home: directory, settings)
        try CommandEnvironment.modules.check(settings)
        return configuration
    }
}

/// The environment of the process in which commands run. Only programs read it.
public enum CommandEnvironment {
    @TaskLocal public static var variables: [String: String] = [:]
    /// The metrics of the process.
    @TaskLocal public static var telemetry = MetricRegistry()
    /// The services of the program, whose keys a configuration may have; with none, it may have any.
    @TaskLocal public static var modules: [ModuleRegistration] = []
}

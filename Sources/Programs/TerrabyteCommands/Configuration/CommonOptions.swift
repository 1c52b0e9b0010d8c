import ArgumentParser
import Catalogue
import CatalogueSQLite
import Configuration
import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What all commands take.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Directory of the catalogue (default: $TERRABYTE_HOME, else ./terrabyte-home).", valueName: "dir"))
    var home: String?

    @Option(
        help: ArgumentHelp(
            "Configuration file, in JSON (default: terrabyte.json in the directory of the catalogue).",
            valueName: "file"))
    var config: String?

    /// Settings from the file, over those the environment's, over those the options'.
    func configuration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> TerrabyteConfiguration {
        var configuration = TerrabyteConfiguration()
        if let home = home ?? environment["TERRABYTE_HOME"], !home.isEmpty { configuration.home = home }
        let path = config ?? configuration.home + "/terrabyte.json"
        let file: FileProvider<JSONSnapshot>
        do {
            file = try await FileProvider<JSONSnapshot>(filePath: FilePath(path), allowMissing: config == nil)
        } catch {
            throw CommandError("\(path): \(line(for: error))")
        }
        // The environment comes first: what is set there wins.
        let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "terrabyte")
        try configuration.read(ConfigReader(providers: [variables, file]))
        return configuration
    }

    /// Opens the catalogue for a command that ends soon.
    func catalogue(index: CatalogueEngine.IndexUse) async throws -> CatalogueEngine {
        try CatalogueEngine(home: await configuration().home, index: index)
    }
}

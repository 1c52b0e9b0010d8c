public import ArgumentParser
public import ServiceModule

/// The services that a program has.
public protocol ServiceList {
    static var modules: [ModuleRegistration] { get }
}

/// The command `terrabyte`, for a list of services: their commands and `serve`.
///
/// Exit codes: 0, all done; 1, it failed; 2, done but for Items that were rejected; 64, the arguments are wrong; 130, a load
/// was interrupted.
public struct ServiceProgram<Services: ServiceList>: AsyncParsableCommand {
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "terrabyte", abstract: "An open Earth-observation data platform.", version: Platform.version,
            subcommands: [ServeCommand<Services>.self, ConfigCommand.self] + Services.modules.flatMap(\.commands)
                + [DemoCommand.self])
    }

    public init() {}
}

public typealias Terrabyte = ServiceProgram<TerrabyteServices>

public import ArgumentParser
import Spelling

/// An entry in the list of a program's services.
public struct ModuleRegistration: Sendable {
    let type: any ServiceModule.Type
    /// Unique in the list.
    public let name: String
    public let isOnByDefault: Bool

    public var summary: String { type.summary }
    /// Subcommands of the program; of a module that is registered twice, the first one provides them.
    public var commands: [any ParsableCommand.Type] { name == type.name ? type.commands : [] }

    public init(_ type: any ServiceModule.Type) {
        self.init(type, as: type.name, isOnByDefault: type.isOnByDefault)
    }

    /// The same module once more, with a section of the configuration of its own.
    public init(_ type: any ServiceModule.Type, as name: String, isOnByDefault: Bool) {
        self.type = type
        self.name = name
        self.isOnByDefault = isOnByDefault
    }
}

extension [ModuleRegistration] {
    /// Reads the sections of all services.
    ///
    /// - Throws: `CommandError` for a value that is wrong, and for a key or variable that none of them has.
    func check(_ settings: Settings) throws {
        guard !isEmpty else { return }
        for registration in self {
            _ = try registration.type.configuration(settings.scoped(to: registration.name))
        }
        try settings.rejectUnknownNames()
    }

    /// The registrations to run, dependencies first.
    ///
    /// - Parameter names: `nil`: the services on by default.
    /// - Throws: `CommandError` for a name that is not in the list, and for modules that depend on each other in a
    ///   circle.
    func selected(_ names: [String]?) throws -> [ModuleRegistration] {
        var chosen: [ModuleRegistration] = []
        func choose(_ name: String, for path: [String]) throws {
            guard !chosen.contains(where: { $0.name == name }) else { return }
            guard !path.contains(name) else {
                throw CommandError(
                    "Services depend on each other in a circle: \((path + [name]).joined(separator: " → ")).")
            }
            guard let registration = first(where: { $0.name == name }) else {
                throw CommandError(
                    "There is no service '\(name)'\(suggestion(for: name, among: map(\.name))); there are "
                        + map(\.name).joined(separator: ", ") + ".")
            }
            for dependency in registration.type.dependencies { try choose(dependency, for: path + [name]) }
            chosen.append(registration)
        }
        for name in names ?? filter(\.isOnByDefault).map(\.name) { try choose(name, for: []) }
        return chosen
    }
}

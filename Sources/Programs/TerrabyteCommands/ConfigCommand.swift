import ArgumentParser
import JSON
import ServiceModule

/// Prints the configuration that other commands have with the same options, file and environment.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show the value of every setting, and where it is from.",
        discussion: "Options of serve, such as --port, are not among them. Secrets are not shown.")

    @OptionGroup var common: CommonOptions
    @Flag(help: "Print a JSON array of objects with key, value and origin.") var json = false
    @Flag(help: "Only those that are not at their default.") var changed = false

    func run() async throws {
        let configuration = try await common.configuration()
        var settings = configuration.settings.effective.sorted { $0.key < $1.key }
        if changed { settings.removeAll { $0.origin == .defaultValue } }
        if json {
            let all = settings.map { setting -> JSONValue in
                [
                    "key": .string(setting.key), "value": setting.value.map(JSONValue.string) ?? .null,
                    "origin": .string(setting.origin.description),
                ]
            }
            return Console.print(JSONValue.array(all).jsonText)
        }
        Console.status("home: \(configuration.home)")
        let rows = settings.map { [$0.key, $0.value ?? "(none)", $0.origin.description] }
        let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { text, width in text + String(repeating: " ", count: width - text.count) }
            Console.print((cells + [row[2]]).joined(separator: "  "))
        }
    }
}

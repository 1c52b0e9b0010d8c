import ArgumentParser
import CQL2
import JSON

struct CQL2Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cql2", abstract: "Work with CQL2 filters.", subcommands: [Convert.self, ToSQL.self])

    struct Convert: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make CQL2 JSON of CQL2 text, and text of JSON.")

        @OptionGroup var filter: FilterArgument

        func run() throws {
            let (expression, isJSON) = try filter.read()
            print(isJSON ? expression.text : String(decoding: expression.json.serialized(), as: UTF8.self))
        }
    }
}

import ArgumentParser
import CQL2
import Testing

@testable import TerrapiCommands

@Suite("terrapi cql2") struct CQL2CommandTests {
    @Test("reads text and JSON")
    func filters() throws {
        let text = try #require(try Terrapi.parseAsRoot(["cql2", "convert", "a < 5"]) as? CQL2Command.Convert)
        let (expression, isJSON) = try text.filter.read()
        #expect(!isJSON)
        #expect(expression.text == "a < 5")
        let json = try #require(
            try Terrapi.parseAsRoot(["cql2", "convert", #" {"op":"<","args":[{"property":"a"},5]}"#])
                as? CQL2Command.Convert)
        #expect(try json.filter.read() == (expression, true))
    }

    @Test(
        "rejects arguments that it does not know",
        arguments: [["--dialect", "oracle"], ["--layout", "x"], ["--column", "a"], ["--column", "a=money"]])
    func arguments(arguments: [String]) {
        #expect(throws: (any Error).self) {
            let command = try #require(try Terrapi.parseAsRoot(["cql2", "to-sql", "a = 1"] + arguments) as? ToSQL)
            try command.run()
        }
    }

    @Test("says its version")
    func version() {
        let error = #expect(throws: (any Error).self) { try Terrapi.parseAsRoot(["--version"]) }
        #expect(Terrapi.exitCode(for: error!) == .success)
        #expect(Terrapi.message(for: error!) == "0.1.0")
    }
}

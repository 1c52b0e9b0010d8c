import ArgumentParser
import CoreMetrics
import HTTPEdge
import ServiceLifecycle
import ServiceModule
import Synchronization

/// A service with a route, background work, a command, a configuration key and a metric: all that adding one takes beside
/// its line in the list of services.
struct EchoModule: ServiceModule {
    static let name = "echo"
    static let summary = "Says what it is told."
    static let commands: [any ParsableCommand.Type] = [EchoCommand.self]

    private let greeting: String
    private let echoes: Counter
    private let ticker = Ticker()

    /// - `greeting` (string, default `Hello`): The text before the word.
    static func configuration(_ settings: Settings) throws -> String {
        try settings.string("greeting", default: "Hello")
    }

    init(_ context: ModuleContext<String>) throws {
        greeting = context.configuration
        echoes = Counter(label: "echo_words_total", factory: context.telemetry)
    }

    func addRoutes(to routes: inout RouteGroup) {
        let (greeting, echoes) = (greeting, echoes)
        routes.get("/echo/{word}", OpenAPIOperation("getEcho", "The word again", type: "text/plain")) { request in
            echoes.increment()
            return EdgeResponse(text: "\(greeting) \(try request.parameter("word"))")
        }
    }

    var services: [any Service] { [ticker] }

    var readiness: [ReadinessCheck] {
        let ticker = ticker
        return [ReadinessCheck("echo") { ticker.hasTicked.load(ordering: .relaxed) ? nil : "it has not ticked yet" }]
    }

    /// Runs once; the server continues.
    private final class Ticker: Service {
        let hasTicked = Atomic(false)
        func run() async throws { hasTicked.store(true, ordering: .relaxed) }
    }
}

struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "echo", abstract: "Say what it is told.")
    @OptionGroup var common: CommonOptions
    @Argument var word: String

    func run() async throws {
        let settings = try await common.configuration().settings.scoped(to: EchoModule.name)
        Console.print("\(try EchoModule.configuration(settings)) \(word)")
    }
}

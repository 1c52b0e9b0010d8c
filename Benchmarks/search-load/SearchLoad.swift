import ArgumentParser
import Foundation
import Synchronization

/// Sends searches at a steady rate, whether or not the responses keep up, and reports how long they took.
@main
struct SearchLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search-load",
        abstract: "Send mixed searches to a STAC API at a steady rate.",
        discussion: """
            Each request is due at a time that is fixed before the first is sent. Times are counted from then on, so that \
            waiting for a connection counts, too. Rows of a table in Markdown come out.
            """)

    @Option(help: "Where the server listens: an IPv4 address and a port.") var server = "127.0.0.1:8080"
    @Option(help: "Path of the API on the server.") var path = "/public/api"
    @Option(help: "Collection to search.") var collection = "sentinel-2-c1-l2a"
    @Option(help: "Requests a second.") var rate = 200
    @Option(help: "How long requests are due, in seconds.") var seconds = 60
    @Option(help: "Connections.") var connections = 48
    @Option(help: "Source addresses: 127.0.0.2 and the following ones, for a server on this machine.")
    var clients = 1
    @Option(help: "Another choice of requests.") var seed: UInt64 = 1
    @Option(help: "File of ids of Items, one a line, for requests of single Items; without it there are none.")
    var ids: String?

    func validate() throws {
        for (name, value) in [("rate", rate), ("seconds", seconds), ("connections", connections), ("clients", clients)]
        where value < 1 {
            throw ValidationError("--\(name) must be at least 1.")
        }
        guard clients <= 250 else { throw ValidationError("--clients must be at most 250.") }
    }

    func run() throws {
        guard let address = SocketAddress(server) else {
            throw ValidationError("--server: not an IPv4 address and a port: \(server)")
        }
        let ids = try ids.map { try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n") }
        let requests = RequestMix(path: path, collection: collection, ids: ids?.map(String.init) ?? [])
            .requests(count: rate * seconds, seed: seed)
        let responses = responses(to: requests, of: address)
        LoadReport(responses, rate: rate, seconds: seconds).print()
        if responses.contains(where: { $0.failure != nil }) { throw ExitCode.failure }
    }

    private func responses(to requests: [RequestMix.Request], of address: SocketAddress) -> [Response] {
        let next = Atomic(0)
        let responses = Mutex<[Response]>([])
        let clock = ContinuousClock()
        let start = clock.now + .milliseconds(500)
        let group = DispatchGroup()
        for number in 0..<connections {
            group.enter()
            // A thread for each, since they block: a queue has only as many as there are processors.
            Thread {
                let source = clients > 1 ? SocketAddress("127.0.0.\(2 + number % clients):0") : nil
                let connection = HTTPConnection(to: address, from: source)
                var own: [Response] = []
                while true {
                    let index = next.add(1, ordering: .relaxed).oldValue
                    guard index < requests.count else { break }
                    let due = start + .seconds(1) * Double(index) / Double(rate)
                    let now = clock.now
                    if due > now { Thread.sleep(forTimeInterval: (due - now) / .seconds(1)) }
                    var response = Response(kind: requests[index].kind, dueSecond: index / rate)
                    do {
                        response.byteCount = try connection.get(requests[index].target)
                    } catch {
                        response.failure = "\(error)"
                    }
                    response.milliseconds = (clock.now - due) / .milliseconds(1)
                    own.append(response)
                }
                responses.withLock { $0 += own }
                group.leave()
            }.start()
        }
        group.wait()
        return responses.withLock { $0 }
    }
}

/// The outcome of one request.
struct Response: Sendable {
    let kind: RequestMix.Kind
    /// The second of the run in which it was due.
    let dueSecond: Int
    /// From when it was due to the last byte of the response.
    var milliseconds = 0.0
    /// Of the body.
    var byteCount = 0
    /// Why there is no response with status 200.
    var failure: String?
}

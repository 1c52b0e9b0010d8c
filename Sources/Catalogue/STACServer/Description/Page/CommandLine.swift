import HTTPEdge
import HTTPTypes
import JSON

/// An operation as a call of curl.
struct CommandLine {
    private let operation: APIOperation
    private let location: APILocation

    init(_ operation: APIOperation, _ location: APILocation) {
        self.operation = operation
        self.location = location
    }

    var text: String {
        var arguments: [String] = []
        if ![.get, .post].contains(operation.method) || (operation.method == .post && operation.body == nil) {
            arguments.append("-X \(operation.method.rawValue)")
        }
        arguments.append("'\(url)'")
        if operation.needsToken { arguments.append("-H 'Authorization: Bearer TOKEN'") }
        if let body = operation.body {
            arguments.append("-H 'Content-Type: \(body.types[0])'")
            arguments.append(body.example.hasPrefix("@") ? "-d \(body.example)" : "-d '\(body.example)'")
        }
        return "curl " + arguments.joined(separator: " \\\n  ")
    }

    private var url: String {
        var path = operation.path
        for parameter in APIParameter.ofPaths {
            guard let example = parameter.example?.string else { continue }
            path = path.split(separator: "/", omittingEmptySubsequences: false)
                .map { $0 == "{\(parameter.name)}" ? percentEncoded(example) : String($0) }.joined(separator: "/")
        }
        return location.root + path + (operation.exampleQuery.map { "?" + $0 } ?? "")
    }
}

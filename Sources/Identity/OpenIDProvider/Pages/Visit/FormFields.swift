import HTTPEdge
import HTTPTypes

/// The fields of a form or of a query, of which each has one value.
///
/// Source: [URL Standard, section 5.1](https://url.spec.whatwg.org/#urlencoded-parsing).
struct FormFields: Sendable {
    private static let limit = 100

    private let values: [String: String]

    static let none = FormFields([:])

    private init(_ values: [String: String]) {
        self.values = values
    }

    /// - Throws: `Problem` for what is no such text, and for a name that occurs twice.
    init(_ text: String) throws(Problem) {
        var values: [String: String] = [:]
        let pairs = text.split(separator: "&", maxSplits: Self.limit)
        guard pairs.count <= Self.limit else { throw Self.problem("has too many fields") }
        for pair in pairs {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(sides[0], plusIsSpace: true),
                let value = sides.count == 2 ? percentDecoded(sides[1], plusIsSpace: true) : ""
            else { throw Self.problem("is not percent-encoded UTF-8") }
            guard values.updateValue(value, forKey: name) == nil else {
                throw Self.problem("has the field '\(name)' twice")
            }
        }
        self.values = values
    }

    /// - Returns: `nil` for a field that is missing or empty.
    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// As it is stored in a form: an empty text for a missing field.
    func text(_ name: String) -> String { values[name] ?? "" }

    /// Whether a checkbox is ticked.
    func isTicked(_ name: String) -> Bool { values[name] == "on" }

    private static func problem(_ fault: String) -> Problem {
        Problem(.badRequest, "InvalidForm", "The form or query \(fault).")
    }
}

import HTTPEdge
import HTTPTypes
import Spelling
import Temporal

/// The query of a request, whose parameters are all known.
struct RequestQuery {
    private let pairs: [String: String]

    /// - Parameter names: Parameters that may be there.
    /// - Throws: `Problem` for a parameter that is not known, stands twice, or is not percent-encoded UTF-8.
    init(_ request: EdgeRequest, _ names: [String]) throws(Problem) {
        var pairs: [String: String] = [:]
        for part in (request.query ?? "").split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = sides.count > 1 ? sides[1] : ""
            guard let name = percentDecoded(sides[0]), let text = percentDecoded(value, plusIsSpace: true) else {
                throw Problem(.badRequest, "InvalidParameter", "The query is not percent-encoded UTF-8.")
            }
            guard names.contains(name) else {
                throw Self.invalid(name, "is not known\(suggestion(for: name, among: names))")
            }
            guard pairs.updateValue(text, forKey: name) == nil else { throw Self.invalid(name, "stands twice") }
        }
        self.pairs = pairs
    }

    /// - Returns: `nil` when it is missing or empty.
    func text(_ name: String) -> String? { pairs[name].flatMap { $0.isEmpty ? nil : $0 } }

    func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(Problem) -> Int {
        guard let text = text(name) else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw Self.invalid(name, "must be a whole number in \(range.lowerBound)...\(range.upperBound)")
        }
        return number
    }

    func time(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = text(name) else { return nil }
        guard let time = Timestamp(text) ?? Timestamp(date: text) else {
            throw Self.invalid(name, "must be a day or a time, such as 2027-01-01 or 2027-01-01T12:00:00Z")
        }
        return time
    }

    static func invalid(_ name: String, _ fault: String) -> Problem {
        Problem(.badRequest, "InvalidParameter", "The parameter '\(name.prefix(64))' \(fault).")
    }
}

public import JSON

/// A fault in a filter, with its location.
public struct CQL2Error: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        case expected(String, found: String)
        case invalidGeometry(String)
        case tooDeep(limit: Int)
        case notJSON(JSONError)
        case unknownFunction(String)
        /// More of something, or something longer, than `ExpressionLimits` allow.
        case tooMuch(String, count: Int, limit: Int)
    }

    public enum Location: Hashable, Sendable {
        /// Of a text, in Unicode scalars from its start.
        case character(Int)
        /// Of JSON, such as `args[1].op`; empty for the filter as a whole.
        case path(String)
    }

    public let reason: Reason
    /// `nil` when the fault has no single location.
    public let location: Location?

    public init(_ reason: Reason, at location: Location? = nil) {
        self.reason = reason
        self.location = location
    }

    /// In a text: Unicode scalars from its start.
    public var offset: Int? {
        if case .character(let offset) = location { offset } else { nil }
    }

    /// In JSON: a path such as `args[1].op`.
    public var path: String? {
        if case .path(let path) = location { path } else { nil }
    }

    public var description: String {
        let what =
            switch reason {
            case .expected(let expectation, let found): "expected \(expectation), found \(found)"
            case .invalidGeometry(let fault): "invalid geometry: \(fault)"
            case .tooDeep(let limit): "nested deeper than \(limit) levels"
            case .notJSON(let error): "\(error)"
            case .unknownFunction(let name): "there is no function '\(name)'"
            case .tooMuch(let what, let count, let limit): "\(count) \(what), the limit is \(limit)"
            }
        return switch location {
        case .character(let offset): "at character \(offset): \(what)"
        case .path(""): "at the top: \(what)"
        case .path(let path): "at \(path): \(what)"
        case nil: what
        }
    }
}

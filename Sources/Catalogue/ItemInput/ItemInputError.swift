/// Why a file of Items cannot be read, or not to its end.
public struct ItemInputError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        case notFound
        /// A folder without a file of Items.
        case noFiles
        /// The system's own words.
        case unreadable(String)
        /// The text is not JSON around or between the Items.
        case malformed(String)
    }

    /// The path, or `standard input`.
    public let source: String
    /// Counted from 1; `nil` when it is not about the content.
    public let line: Int?
    public let reason: Reason

    public init(source: String, line: Int? = nil, reason: Reason) {
        self.source = source
        self.line = line
        self.reason = reason
    }

    public var description: String { source + (line.map { ":\($0)" } ?? "") + ": \(reason)" }
}

extension ItemInputError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound: "no such file or folder"
        case .noFiles: "no .json, .geojson, .ndjson, .jsonl or .parquet files in this folder"
        case .unreadable(let words): words
        case .malformed(let words): words
        }
    }
}

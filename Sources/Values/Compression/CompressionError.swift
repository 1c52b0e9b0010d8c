/// A compression or decompression failure: its reason, format and location.
public struct CompressionError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Format: String, Hashable, Sendable { case gzip, zstd, snappy, lz4, brotli }

    public enum Reason: Hashable, Sendable {
        /// The input ends inside a frame or member.
        case truncated
        /// The library's own words.
        case damaged(String)
        /// The declared or actual content exceeds the caller's limit.
        case tooLarge(byteCount: Int, limit: Int)
        /// The frame does not declare its content size.
        case unknownSize
        case invalidDictionary(String)
        /// A library call failed for a reason outside the data, such as exhausted memory.
        case failed(String)
    }

    public let format: Format
    public let reason: Reason
    /// The stream's name, such as a path; `nil` for bytes in memory.
    public let source: String?
    /// Offset at which the fault was detected, in bytes from the start of the compressed input; `nil` in compression.
    public let offset: Int?

    public init(_ format: Format, _ reason: Reason, source: String? = nil, offset: Int? = nil) {
        self.format = format
        self.reason = reason
        self.source = source
        self.offset = offset
    }

    public var description: String {
        let problem =
            switch reason {
            case .truncated: "the input ends inside the compressed data"
            case .damaged(let words): "damaged data (\(words))"
            case .tooLarge(let byteCount, let limit):
                "\(byteCount) bytes of content, more than the limit of \(limit)"
            case .unknownSize: "the frame does not state the size of its content"
            case .invalidDictionary(let words): "unusable dictionary (\(words))"
            case .failed(let words): words
            }
        let location = offset.map { " at byte \($0)" } ?? ""
        return (source.map { "\($0): " } ?? "") + "\(format.rawValue)\(location): \(problem)"
    }
}

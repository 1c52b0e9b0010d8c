public import JSON

/// The values that the folders of a file's path give to all of its rows, as in `collection=naip/year=2024/part-0.parquet`:
/// writers of partitioned data sets leave such columns out of the files.
///
/// Source: [Hive partitioning in DuckDB](https://duckdb.org/docs/stable/data/partitioning/hive_partitioning).
public struct HivePartitions: Hashable, Sendable {
    /// By name. Whole numbers are numbers, everything else is a string.
    public private(set) var values: [String: JSONValue] = [:]

    public static let none = HivePartitions()

    private init() {}

    /// - Parameter path: Of a file; its last part is not looked at.
    public init(path: String) {
        for folder in path.split(separator: "/").dropLast() {
            let sides = folder.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, !sides[0].isEmpty, let name = Self.decoded(sides[0]),
                let value = Self.decoded(sides[1]), value != Self.nullName
            else { continue }
            values[name] = Int(value).map { $0.description == value ? JSONValue($0) : nil } ?? .string(value)
        }
    }

    /// What writers put for no value.
    private static let nullName = "__HIVE_DEFAULT_PARTITION__"

    /// - Returns: `nil` for bytes that are not UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[at + 1...at + 2], as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                at += 3
            } else {
                decoded.append(bytes[at])
                at += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }
}

import Checksum
import Parquet

/// The checksum that detects damaged files: XXH64, as `xxhsum -H1` prints it.
enum FileChecksum {
    static func text(of source: some ByteSource) throws(ParquetError) -> String {
        try source.withBytes(in: 0..<source.byteCount) { XXHash64.hash($0).sixteenDigits }
    }
}

extension UInt64 {
    /// Hexadecimal, with zeros in front.
    var sixteenDigits: String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

import Parquet

/// A text that is given as it is, or as `@file`.
enum TextArgument {
    /// Of a file, in bytes.
    private static let limit = 64 << 20

    /// - Throws: `TerrapiError` for a file that cannot be read, is too large or not UTF-8.
    static func text(_ argument: String) throws -> String {
        guard argument.hasPrefix("@") else { return argument }
        let path = String(argument.dropFirst())
        do {
            let source = try FileByteSource(path: path)
            guard source.byteCount <= limit else { throw TerrapiError("\(path) has more than \(limit) bytes.") }
            let bytes = try source.withBytes(in: 0..<source.byteCount) { Array($0) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw TerrapiError("\(path) is not UTF-8.")
            }
            return text
        } catch let error as ParquetError {
            guard case .inputOutput(let reason) = error else { throw error }
            throw TerrapiError(reason)
        }
    }
}

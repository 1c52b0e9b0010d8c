#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The process's standard input.
enum StandardInput {
    /// - Throws: `TerrapiError` for more than `limit` bytes, or when it cannot be read.
    static func text(limit: Int) throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw TerrapiError("Standard input cannot be read.") }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw TerrapiError("Standard input has more than \(limit) bytes.") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw TerrapiError("The text is not UTF-8.") }
        return text
    }
}

/// Why a command failed, in one line.
struct TerrapiError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

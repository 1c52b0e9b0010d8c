/// Codes of 80 random bits for the loss of the second factor, such as `k3vq-7zqd-m5ta-2xwe`.
enum RecoveryCode {
    /// How many an account gets.
    static let count = 10

    static func random() -> String {
        let letters = Array(Base32.text(Secret.randomBytes(10)).lowercased())
        return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
    }

    /// - Parameter code: As it was typed: case, hyphens and blanks do not matter.
    static func hash(_ code: String) -> [UInt8] {
        Secret.hash(code.lowercased().filter { $0 != "-" && $0 != " " })
    }
}

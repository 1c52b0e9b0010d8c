import Crypto

/// What only its holder knows: made of random bytes, and stored as its hash.
enum Secret {
    /// From the system's generator, which is fit for keys.
    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// SHA-256. Enough for secrets that are random, which nobody guesses; passwords need `PasswordHasher`.
    static func hash(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}

import NIOPosix
import Parallelism

/// Hashes passwords and compares them with hashes: at most as many at once as there are cores, since each takes the memory
/// of its cost. The others wait.
public final class PasswordHasher: Sendable {
    public let cost: PasswordCost
    private let threads: NIOThreadPool
    /// Of no password that anybody knows.
    private let dummy: String

    public init(_ cost: PasswordCost = .standard) throws {
        self.cost = cost
        dummy = try Argon2id.encoded(Secret.randomBytes(32), salt: Secret.randomBytes(16), cost)
        threads = NIOThreadPool(numberOfThreads: Parallel.coreCount)
        threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    /// - Parameter password: As it was typed, in UTF-8; nothing in it is normalized.
    /// - Returns: A PHC string.
    /// - Throws: `IdentityError.invalidPassword` for one that is too short or too long.
    public func hash(_ password: String) async throws -> String {
        try Self.check(password)
        let (bytes, salt, cost) = (Array(password.utf8), Secret.randomBytes(16), cost)
        return try await threads.runIfActive { try Argon2id.encoded(bytes, salt: salt, cost) }
    }

    /// Takes as long whether there is a hash or not, so that the time does not tell which accounts exist.
    ///
    /// - Parameter hash: `nil`: the account does not exist, or has no password; the result is `false`.
    public func verify(_ password: String, _ hash: String?) async throws -> Bool {
        // A password that cannot have been set costs no more to refuse than another.
        let bytes = Array(password.utf8.prefix(Self.byteCounts.upperBound + 1))
        let known = hash ?? dummy
        let isRight = try await threads.runIfActive { try Argon2id.verify(bytes, known) }
        return isRight && hash != nil
    }

    /// Whether a hash has another cost than new ones.
    public func isOutdated(_ hash: String) -> Bool { !hash.hasPrefix(cost.prefix) }

    /// - Throws: `IdentityError.invalidPassword`.
    static func check(_ password: String) throws(IdentityError) {
        guard byteCounts.contains(password.utf8.count) else {
            throw IdentityError(
                .invalidPassword,
                "A password has 8 to 1,024 bytes; this one has \(password.utf8.count).")
        }
    }

    private static let byteCounts = 8...1_024
}

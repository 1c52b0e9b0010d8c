/// What computing the hash of one password takes.
public struct PasswordCost: Sendable, Hashable {
    /// Memory that is filled, in KiB.
    public let memoryKibibytes: UInt32
    /// How often the memory is filled.
    public let passCount: UInt32
    /// Parts of the memory that could be filled at the same time; more than 1 speeds up attackers, too.
    public let laneCount: UInt32

    public init(memoryKibibytes: UInt32, passCount: UInt32, laneCount: UInt32) {
        self.memoryKibibytes = memoryKibibytes
        self.passCount = passCount
        self.laneCount = laneCount
    }

    /// OWASP's first choice: of its equally strong ones that with the most memory, which graphics cards have the least of
    /// for each of their cores.
    ///
    /// Source: [Password Storage Cheat Sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id).
    public static let standard = PasswordCost(memoryKibibytes: 47_104, passCount: 1, laneCount: 1)

    /// How PHC strings of this cost begin.
    var prefix: String { "$argon2id$v=19$m=\(memoryKibibytes),t=\(passCount),p=\(laneCount)$" }
}

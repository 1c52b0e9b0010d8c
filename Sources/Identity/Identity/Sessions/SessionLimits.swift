/// How long sessions last, in seconds.
public struct SessionLimits: Sendable, Hashable {
    /// Without being used.
    public var idleSeconds: Int64
    /// However much they are used.
    public var longestSeconds: Int64
    /// Between the password and the second factor; also for challenges of passkeys before.
    public var signInSeconds: Int64 = 600

    public init(idleSeconds: Int64 = 3_600, longestSeconds: Int64 = 12 * 3_600) {
        self.idleSeconds = idleSeconds
        self.longestSeconds = longestSeconds
    }
}

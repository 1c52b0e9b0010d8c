public import Identity
public import ServiceModule

/// The section `auth` of the configuration.
public struct ProviderSettings: Sendable {
    public var lifetimes = TokenLifetimes()

    /// - `accessTokenSeconds` (int, default 3600): How long access tokens live.
    /// - `grantSeconds` (int, default 2592000, which are 30 days): How long a sign-in of a program lasts, with its refresh
    ///   tokens.
    ///
    /// - Throws: `CommandError` with the key and the fault of its value.
    public init(_ settings: Settings) throws {
        lifetimes.accessToken = Int64(
            try settings.int(
                "accessTokenSeconds", in: TokenLifetimes.accessTokenRange, default: Int(lifetimes.accessToken)))
        lifetimes.grant = Int64(
            try settings.int("grantSeconds", in: TokenLifetimes.grantRange, default: Int(lifetimes.grant)))
    }
}

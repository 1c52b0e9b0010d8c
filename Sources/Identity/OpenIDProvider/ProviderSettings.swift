public import Identity
public import ServiceModule

/// The section `auth` of the configuration.
public struct ProviderSettings: Sendable {
    public var lifetimes = TokenLifetimes()
    public var pages: PageConfiguration

    /// - `accessTokenSeconds` (int, default 3600): How long access tokens live.
    /// - `grantSeconds` (int, default 2592000, which are 30 days): How long a sign-in of a program lasts, with its refresh
    ///   tokens.
    /// - The keys of `PageConfiguration`.
    ///
    /// - Throws: `CommandError` with the key and the fault of its value.
    public init(_ settings: Settings) throws {
        pages = try PageConfiguration(settings)
        lifetimes.accessToken = Int64(
            try settings.int(
                "accessTokenSeconds", in: TokenLifetimes.accessTokenRange, default: Int(lifetimes.accessToken)))
        lifetimes.grant = Int64(
            try settings.int("grantSeconds", in: TokenLifetimes.grantRange, default: Int(lifetimes.grant)))
    }
}

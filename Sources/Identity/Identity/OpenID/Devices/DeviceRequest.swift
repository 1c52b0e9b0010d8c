public import Access
public import Temporal

/// A program's wish to be signed in from a browser elsewhere, as the person who decides sees it.
public struct DeviceRequest: Sendable, Hashable {
    /// Seconds for which it can be decided and redeemed.
    public static let lifetime: Int64 = 600

    /// Random: whoever has it has had the user code.
    public let id: String
    /// Id of the client.
    public let client: String
    public let scopes: Set<Scope>
    /// From where it was made.
    public let address: String?
    /// Of the program that made it, as far as it has told one.
    public let userAgent: String?
    public let creation: Timestamp
    public let expiry: Timestamp
}

/// What a device is told: one code for itself, one for a person.
public struct DeviceCodes: Sendable, Hashable {
    public let deviceCode: String
    public let userCode: UserCode
}

/// What came of a user code.
public enum UserCodeCheck: Sendable, Hashable {
    case found(DeviceRequest)
    /// There is no such code, it has ended, or was decided.
    case wrong
    /// Nothing was compared, since there were too many wrong ones.
    case limited(until: Timestamp)
}

/// Why people, containers or secrets could not be changed or found. The message is for the caller.
public struct IdentityError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        case invalidName, invalidPassword, invalidValue
        /// An account or a container has the name, or has had it.
        case nameTaken
        case noSuchAccount, noSuchContainer, noSuchMember, noSuchToken
        /// The invitation does not exist, has expired, or was accepted.
        case noSuchInvitation
        case noSuchClient, noSuchGrant
        /// The request of a device does not exist, has ended, or was decided.
        case noSuchDeviceRequest
        /// The code is not that of the second factor that is being enrolled.
        case wrongCode
        case noSuchSession, noSuchPasskey
        /// Of an account's second factors, one must stay.
        case lastFactor
        /// What is stored encrypted cannot be read with the server's key.
        case unreadableSecret
    }

    public let code: Code
    public let message: String
    /// The name or id that does not exist, so that a caller may look for the one that was meant.
    public let subject: String?

    public init(_ code: Code, _ message: String, subject: String? = nil) {
        self.code = code
        self.message = message
        self.subject = subject
    }

    public static func noSuchAccount(_ name: String) -> IdentityError {
        IdentityError(.noSuchAccount, "There is no account '\(name)'.", subject: name)
    }

    public static func noSuchContainer(_ id: String) -> IdentityError {
        IdentityError(.noSuchContainer, "There is no container '\(id)'.", subject: id)
    }

    public static func noSuchClient(_ id: String) -> IdentityError {
        IdentityError(.noSuchClient, "There is no client '\(id)' that was registered.", subject: id)
    }

    static let wrongCode = IdentityError(.wrongCode, "The code is wrong; is the clock of the telephone right?")

    static let noSuchPasskey = IdentityError(.noSuchPasskey, "There is no such passkey.")

    static let noSuchInvitation = IdentityError(
        .noSuchInvitation, "The invitation does not exist, has expired, or was accepted.")

    public var description: String { message }
}

public import SQLDatabase
public import Temporal

/// Somebody who may sign in, or a program.
public struct Account: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable, DatabaseConvertible {
        case `internal`
        /// From outside: has a sponsor, a project and an end.
        case partner
        /// A program, which has tokens and no password.
        case service
    }

    public enum Role: String, Sendable, Hashable, CaseIterable, DatabaseConvertible {
        /// Manages people and containers.
        case administrator
        /// Writes the public catalogue.
        case curator
    }

    public enum State: String, Sendable, Hashable {
        case active, disabled, ended
        /// For a time, since there were too many wrong passwords.
        case locked
    }

    /// Never changes, and is not given to anybody else afterwards: ids of collections begin with it.
    public let name: String
    public let kind: Kind
    public let fullName: String
    public let email: String?
    public let roles: Set<Role>
    public let isDisabled: Bool
    /// Name of the account that answers for a partner.
    public let sponsor: String?
    public let project: String?
    /// From when on the account may do nothing.
    public let end: Timestamp?
    public let creation: Timestamp
    /// The last one, by wrong passwords.
    let lockEnd: Timestamp?

    public func state(at time: Timestamp) -> State {
        if isDisabled { return .disabled }
        if let end, end <= time { return .ended }
        if let lockEnd, lockEnd > time { return .locked }
        return .active
    }
}

/// What an account is to be.
public struct AccountDraft: Sendable {
    public var name: String
    public var kind: Account.Kind
    public var fullName: String
    public var email: String?
    public var roles: Set<Account.Role> = []
    public var sponsor: String?
    public var project: String?
    public var end: Timestamp?

    public init(_ name: String, _ kind: Account.Kind = .internal, fullName: String = "", email: String? = nil) {
        self.name = name
        self.kind = kind
        self.fullName = fullName
        self.email = email
    }

    /// - Throws: `IdentityError` for what does not fit together.
    func check() throws(IdentityError) {
        try IdentityName.checkAccount(name)
        if kind == .partner, sponsor == nil || project == nil || end == nil {
            throw IdentityError(.invalidValue, "A partner has a sponsor, a project and an end date.")
        }
        if kind != .partner, sponsor != nil || project != nil {
            throw IdentityError(.invalidValue, "Only partners have a sponsor and a project.")
        }
        if kind == .partner, !roles.isEmpty {
            throw IdentityError(.invalidValue, "A partner has no roles.")
        }
        guard fullName.utf8.count <= 200,
            !fullName.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw IdentityError(.invalidValue, "A person's name has at most 200 bytes, and no control characters.")
        }
        if let email, !IdentityName.isPlausibleEmail(email) {
            throw IdentityError(.invalidValue, "'\(email)' is no e-mail address.")
        }
    }
}

/// Names of accounts and containers have no dot: ids of collections are `NAME.REST`.
enum IdentityName {
    static func checkAccount(_ name: String) throws(IdentityError) {
        guard isName(name, lengths: 2...32) else {
            throw IdentityError(
                .invalidName,
                "'\(name)' is no user name: lower-case letters, digits, '-' and '_', 2 to 32, a letter first.")
        }
        // The audit log has it for who runs commands where the database is.
        guard name != AuditActor.operator.name else {
            throw IdentityError(
                .invalidName, "'\(name)' is no user name: the audit log names the platform's operator so.")
        }
    }

    static func checkContainer(_ id: String) throws(IdentityError) {
        guard isName(id, lengths: 2...63) else {
            throw IdentityError(
                .invalidName,
                "'\(id)' is no container id: lower-case letters, digits, '-' and '_', 2 to 63, a letter first.")
        }
        // The group /dss/a-ro is that of the container a's readers.
        guard !id.hasSuffix("-ro"), !id.hasSuffix("-mgr") else {
            throw IdentityError(.invalidName, "'\(id)' is no container id: '-ro' and '-mgr' end names of groups.")
        }
    }

    static func isAccount(_ name: String) -> Bool {
        isName(name, lengths: 2...32) && name != AuditActor.operator.name
    }

    private static func isName(_ name: String, lengths: ClosedRange<Int>) -> Bool {
        guard lengths.contains(name.utf8.count), let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || $0 &- 0x30 < 10 || "-_".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }

    /// One `@` with something before and behind it, and nothing that would begin another header of a mail.
    static func isPlausibleEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return text.utf8.count <= 254 && parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && !text.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7f }
    }
}

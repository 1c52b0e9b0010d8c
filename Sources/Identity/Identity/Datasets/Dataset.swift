public import Temporal

/// Restricted data: a container whose readers have accepted a licence.
public struct Dataset: Sendable, Hashable {
    /// A document that has to be read before.
    public struct Document: Sendable, Hashable {
        public let title: String
        /// Where it can be read.
        public let href: String

        public init(title: String, href: String) {
            self.title = title
            self.href = href
        }
    }

    /// Id of the container in which the data are.
    public let container: String
    /// Unique, and no id of a container.
    public let name: String
    public let description: String
    /// Who may accept the licence; see `Eligibility`.
    public let eligible: Set<Eligibility>
    /// Of the licence; grows by one with each change of its documents.
    public let version: Int64
    public let documents: [Document]
    /// When this version of the licence began to count.
    public let change: Timestamp
}

/// Accounts that may get access to a dataset.
public enum Eligibility: Sendable, Hashable, CustomStringConvertible {
    case everybody
    /// Accounts of the kind `internal`.
    case internalAccounts
    /// Members of a container, of any level.
    case members(of: String)

    /// - Parameter text: `everybody`, `internal`, or the id of a container.
    public init(_ text: String) {
        switch text {
        case "everybody": self = .everybody
        case "internal": self = .internalAccounts
        default: self = .members(of: text)
        }
    }

    public var description: String {
        switch self {
        case .everybody: "everybody"
        case .internalAccounts: "internal"
        case .members(let container): container
        }
    }
}

/// What a dataset is to be.
public struct DatasetDraft: Sendable {
    public var container: String
    public var name: String
    public var description: String
    public var eligible: Set<Eligibility>
    public var documents: [Dataset.Document]

    public init(
        _ container: String, name: String, description: String = "", eligible: Set<Eligibility>,
        documents: [Dataset.Document]
    ) {
        self.container = container
        self.name = name
        self.description = description
        self.eligible = eligible
        self.documents = documents
    }

    /// - Throws: `IdentityError.invalidValue`.
    func check() throws(IdentityError) {
        guard (1...200).contains(name.utf8.count), !name.contains("/"), Self.isPlain(name) else {
            throw IdentityError(
                .invalidValue, "The name of a dataset has 1 to 200 bytes, no '/' and no control characters.")
        }
        guard description.utf8.count <= 20_000 else {
            throw IdentityError(.invalidValue, "The description of a dataset has at most 20,000 bytes.")
        }
        guard !eligible.isEmpty else {
            throw IdentityError(
                .invalidValue, "A dataset names who is eligible: everybody, internal, or ids of containers.")
        }
        try Self.check(documents)
    }

    /// - Throws: `IdentityError.invalidValue`.
    static func check(_ documents: [Dataset.Document]) throws(IdentityError) {
        guard (1...20).contains(documents.count) else {
            throw IdentityError(.invalidValue, "A licence has 1 to 20 documents.")
        }
        for document in documents {
            guard document.title.utf8.count <= 200, isPlain(document.title) else {
                throw IdentityError(.invalidValue, "The title of a document has at most 200 bytes.")
            }
            guard document.href.utf8.count <= 2_000, isPlain(document.href), !document.href.contains(" "),
                ["https://", "http://", "/"].contains(where: { document.href.hasPrefix($0) })
            else {
                throw IdentityError(
                    .invalidValue, "'\(document.href.prefix(200))' is no address of a document: https://… or /….")
            }
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

/// How an account stands to a dataset.
public enum DatasetAccess: String, Sendable, Hashable {
    /// Has access.
    case registered
    /// Gets access by accepting the licence.
    case available
    /// Is not eligible.
    case notAllowed = "not-allowed"
}

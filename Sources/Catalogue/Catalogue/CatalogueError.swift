/// A failed operation of a catalogue.
public struct CatalogueError: Error, Sendable {
    public let code: Code
    /// For the caller: one sentence, without secrets or file paths.
    public let message: String
    /// The id of the Item concerned, if any.
    public let itemID: String?
    /// The underlying error; for logs, not for callers.
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, itemID: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.itemID = itemID
        self.cause = cause
    }
}

extension CatalogueError {
    public struct Code: Hashable, Sendable {
        private enum Value {
            case noSuchCollection, collectionExists, noSuchItem, itemExists, preconditionFailed, invalid
            case notWritable
            case storeMissing, storeFull, storeBusy, storeDamaged, storeUnsupported, storeFailed
            case indexDamaged
        }

        private let value: Value

        // MARK: Caller errors

        public static let noSuchCollection = Self(value: .noSuchCollection)
        public static let collectionExists = Self(value: .collectionExists)
        public static let noSuchItem = Self(value: .noSuchItem)
        public static let itemExists = Self(value: .itemExists)
        /// The version to be replaced or removed is not the current one.
        public static let preconditionFailed = Self(value: .preconditionFailed)
        /// The input is invalid, whatever the store contains.
        public static let invalid = Self(value: .invalid)

        /// The caller may see the Collection, but not write it.
        public static let notWritable = Self(value: .notWritable)

        // MARK: Store errors

        /// There is no space for the write. Reading still works; so does writing once there is space again.
        public static let storeFull = Self(value: .storeFull)
        /// Another process has been writing for too long; the same call may succeed later.
        public static let storeBusy = Self(value: .storeBusy)
        /// What was read is not what was written: the Item or Collection concerned is lost, unless there is a backup.
        public static let storeDamaged = Self(value: .storeDamaged)
        /// There is no catalogue in the directory.
        public static let storeMissing = Self(value: .storeMissing)
        /// A part of the index is damaged and being rebuilt; the same call may succeed later.
        public static let indexDamaged = Self(value: .indexDamaged)
        /// The file is not a catalogue, or one of a newer version.
        public static let storeUnsupported = Self(value: .storeUnsupported)
        /// The disk or the operating system refused.
        public static let storeFailed = Self(value: .storeFailed)
    }
}

extension CatalogueError: CustomStringConvertible {
    public var description: String {
        cause.map { "\(message) (\($0))" } ?? message
    }
}

extension CatalogueError.Code: CustomStringConvertible {
    public var description: String { "\(value)" }
}

extension CatalogueError {
    package static func noSuchCollection(_ number: CollectionNumber) -> Self {
        Self(.noSuchCollection, "There is no such Collection (any more).")
    }

    static func noSuchCollection(_ id: String) -> Self {
        Self(.noSuchCollection, "There is no Collection \"\(id)\".")
    }

    static func notWritable(_ id: String) -> Self {
        Self(.notWritable, "You may not write the Collection \"\(id)\".")
    }

    package static func itemExists(_ id: String) -> Self {
        Self(.itemExists, "The Collection has an Item \"\(id)\" already.", itemID: id)
    }

    package static func noSuchItem(_ id: String) -> Self {
        Self(.noSuchItem, "The Collection has no Item \"\(id)\".", itemID: id)
    }

    package static func notCurrent(_ id: String) -> Self {
        Self(.preconditionFailed, "The Item \"\(id)\" has been changed in the meantime.", itemID: id)
    }

    package static func damagedKey(_ id: String) -> Self {
        Self(
            .storeDamaged, "The entry of the Item \"\(id)\" in the catalogue's database is damaged.", itemID: id)
    }
}

import STACAPI
import ServiceModule

/// Which Collections an export has.
enum ExportedCollections: String, CaseIterable {
    case all
    /// Those of the platform: the files are read by everybody who may read the directory.
    case curated

    var visible: CollectionSet {
        switch self {
        case .all: .all
        case .curated: .curated
        }
    }

    /// - Parameter hasAccounts: Whether there are people, so that Collections may be theirs.
    static func standard(hasAccounts: Bool) -> Self { hasAccounts ? .curated : .all }

    /// - Returns: `nil`: the configuration does not say.
    static func configured(_ settings: Settings) throws -> Self? {
        guard let name = try settings.string("visibility") else { return nil }
        return try settings.checked("visibility") {
            guard let found = Self(rawValue: name) else { throw CommandError("'\(name)' is neither all nor curated") }
            return found
        }
    }
}

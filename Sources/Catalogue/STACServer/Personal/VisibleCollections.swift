public import Access
public import Catalogue
import STACAPI

/// The Collections that an API shows, and who writes them.
public enum VisibleCollections: String, Sendable, Hashable, CaseIterable {
    /// Those of everybody, to everybody; curators write them.
    case all
    /// Those of the platform, to everybody; curators write them.
    case curated
    /// To each principal those of its own and those that are shared with it; with `collections:write` it writes those of
    /// which it is more than a reader.
    case personal

    /// The rights of a principal. Nobody sees everything for want of rights: without owners there are no Collections.
    @Sendable public func visibility(of principal: Principal) -> Visibility {
        switch self {
        case .all: Visibility(reading: .all, writing: principal.has(.writeCatalogue) ? .all : .none)
        case .curated: Visibility(reading: .curated, writing: principal.has(.writeCatalogue) ? .curated : .none)
        case .personal:
            Visibility(
                reading: .owned(by: principal.readableOwners),
                writing: principal.has(.writeCollections) ? .owned(by: principal.writableOwners) : .none)
        }
    }
}

extension Visibility {
    /// With the Collections of the platform, to read.
    func addingCurated() -> Visibility { Visibility(reading: readable.union(.curated), writing: writable) }
}

import Access
import Catalogue
import HTTPEdge
import STACAPI

extension STACServer {
    /// Items are compressed to a fraction of their text that is at least this.
    private static let leastCompression = 16

    /// Creates Collections of the caller's, after a look at their ids and at the quotas of their owners.
    func creating<Result>(_ ids: [String], _ request: STACRequest, _ write: () throws -> Result) throws -> Result {
        guard quotas != nil else { return try write() }
        let rule = CollectionIDRule(principal: request.principal)
        for id in ids { try rule.check(id) }
        return try adding(Self.byOwner(ids)[...], OwnerUsage(collections: 1), request, write)
    }

    /// Writes Items of the caller's, after a look at the quota of their owner.
    ///
    /// - Parameters:
    ///   - count: Of those that may be new.
    ///   - byteCount: Of their texts.
    func adding<Result>(
        _ count: Int, byteCount: Int, to collection: String, _ request: STACRequest, _ write: () throws -> Result
    ) throws -> Result {
        // Without the right to write, that is the error.
        guard let quotas, let owner = CollectionSet.owner(of: collection)?.text,
            request.principal.writableOwners.contains(owner)
        else { return try write() }
        let added = OwnerUsage(items: count, bytes: byteCount / Self.leastCompression)
        return try quotas.adding(
            added, to: owner, of: request.principal, usage: { try request.catalogue.usage(of: owner) }, write)
    }

    /// One owner after the other, and in the end the write.
    private func adding<Result>(
        _ counts: ArraySlice<(owner: String, count: Int)>, _ unit: OwnerUsage, _ request: STACRequest,
        _ write: () throws -> Result
    ) throws -> Result {
        guard let quotas, let (owner, count) = counts.first else { return try write() }
        return try quotas.adding(
            OwnerUsage(collections: unit.collections * count), to: owner, of: request.principal,
            usage: { try request.catalogue.usage(of: owner) }
        ) { try adding(counts.dropFirst(), unit, request, write) }
    }

    private static func byOwner(_ ids: [String]) -> [(owner: String, count: Int)] {
        let owners = ids.compactMap { CollectionSet.owner(of: $0)?.text }
        return Dictionary(owners.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }.map { ($0, $1) }
    }
}

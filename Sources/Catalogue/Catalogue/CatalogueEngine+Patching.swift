public import JSON

extension CatalogueEngine {
    public func patchItem(
        _ patch: JSONObject, id: String, in collection: String, ifMatch: SequenceNumber?
    ) throws -> EncodedItem {
        if let owner = patch["collection"], owner != .string(collection) {
            throw CatalogueError(
                .invalid, "collection: an Item cannot move to another Collection than \"\(collection)\"", itemID: id)
        }
        return try patching(ifMatch) {
            let current = try item(id: id, in: collection)
            if let ifMatch, current.sequence != ifMatch { throw CatalogueError.notCurrent(id) }
            let patched = try JSONValue(parsing: current.json, by: .rfc8259).merged(with: .object(patch))
            return try putItem(
                patched.serialized(), id: id, in: collection, .replace, ifMatch: current.sequence
            ).item
        }
    }

    public func patchCollection(
        _ patch: JSONObject, id: String, ifMatch: SequenceNumber?
    ) throws -> StoredCollection {
        try patching(ifMatch) {
            let current = try requireCollection(id)
            if current.isDamaged { _ = try described(current) }
            if let ifMatch, current.sequence != ifMatch {
                throw CatalogueError(.preconditionFailed, "The Collection \"\(id)\" has been changed in the meantime.")
            }
            let patched = try JSONValue(parsing: current.body, by: .rfc8259).merged(with: .object(patch))
            return try putCollection(patched.serialized(), id: id, .replace, ifMatch: current.sequence).collection
        }
    }

    /// Reads, changes and writes; retries if another writer has changed the Item in between, unless the client requires
    /// a certain version.
    private func patching<Result>(_ ifMatch: SequenceNumber?, _ change: () throws -> Result) throws -> Result {
        for _ in 1..<Self.patchAttempts {
            do {
                return try change()
            } catch let error as CatalogueError where error.code == .preconditionFailed && ifMatch == nil {
                recentKeys.removeAll()
            }
        }
        return try change()
    }

    /// Each failure means that another writer has succeeded.
    private static let patchAttempts = 100
}

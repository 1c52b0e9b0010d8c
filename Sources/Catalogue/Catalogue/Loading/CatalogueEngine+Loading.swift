public import ItemInput

extension CatalogueEngine {
    /// Loads Items from files into a Collection: read and written in order, prepared by all cores.
    ///
    /// Items that are not valid are reported and left out, whatever is around them. When this returns, all others are
    /// on disk, and searchable where this process keeps the index. When it throws, those that the last progress has
    /// counted are; it does so, with `CancellationError`, soon after its task has been cancelled.
    ///
    /// - Parameters:
    ///   - onReject: Called for each Item that is left out, in the order of the files.
    ///   - onProgress: Called after each transaction.
    /// - Throws: `noSuchCollection`; `itemExists` by policy; errors of the store, such as `storeFull`.
    public func load(
        _ input: ItemInput, into collection: String, onConflict policy: ConflictPolicy = .replace,
        onReject: (LoadReject) -> Void = { _ in }, onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        try await load(
            input.makeReader(), into: collection, onConflict: policy, onReject: onReject, onProgress: onProgress)
    }

    /// As `load` of files, from a reader that may have a source of its own.
    public func load(
        _ reader: ItemReader, into collection: String, onConflict policy: ConflictPolicy = .replace,
        onReject: (LoadReject) -> Void = { _ in }, onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        let loader = ItemLoader(
            engine: self, owner: try requireCollection(collection), source: LoadSource(reader), policy: policy)
        return try await loader.run(onReject, onProgress)
    }
}

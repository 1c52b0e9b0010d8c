public import ItemInput

extension CatalogueEngine {
    /// Loads Items from files into a Collection: read and written in order, prepared by all cores.
    ///
    /// Invalid Items are reported and skipped without affecting others. When this returns, all others are on disk, and
    /// searchable if this process owns the index. When it throws, those that the last progress has counted are; it does
    /// so, with `CancellationError`, soon after its task has been cancelled.
    ///
    /// - Parameters:
    ///   - migrates: Whether Items of STAC 0.8 to 1.0.0-rc are migrated to 1.1.0 (`STACMigration`).
    ///   - onReject: Called for each rejected Item, in the order of the files.
    ///   - onProgress: Called after each transaction.
    /// - Throws: `noSuchCollection`; `itemExists` by policy; errors of the store, such as `storeFull`.
    public func load(
        _ input: ItemInput, into collection: String, onConflict policy: ConflictPolicy = .replace,
        migrates: Bool = false, onReject: (LoadReject) -> Void = { _ in },
        onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        try await load(
            LoadSource(input.makeReader()), into: collection, onConflict: policy, migrates: migrates,
            onReject: onReject, onProgress: onProgress)
    }

    /// Like `load` of files, from any reader.
    public func load(
        _ reader: ItemReader, into collection: String, onConflict policy: ConflictPolicy = .replace,
        onReject: (LoadReject) -> Void = { _ in }, onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        try await load(
            LoadSource(reader), into: collection, onConflict: policy, onReject: onReject, onProgress: onProgress)
    }

    /// Like `load` of files, from any sequence. It is read incrementally, so that it may exceed the memory.
    ///
    /// - Parameters:
    ///   - items: Each as JSON text.
    ///   - name: Name of their source, for messages.
    public func load(
        _ items: some Sequence<[UInt8]>, named name: String = "input", into collection: String,
        onConflict policy: ConflictPolicy = .replace, onReject: (LoadReject) -> Void = { _ in },
        onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        try await load(
            LoadSource(items, named: name), into: collection, onConflict: policy, onReject: onReject,
            onProgress: onProgress)
    }

    /// Like `load` of files, from any asynchronous sequence.
    ///
    /// - Parameters:
    ///   - items: Each as JSON text.
    ///   - name: Name of their source, for messages.
    /// - Throws: Also the errors of the sequence.
    public func load<Items: AsyncSequence>(
        _ items: Items, named name: String = "input", into collection: String,
        onConflict policy: ConflictPolicy = .replace, onReject: (LoadReject) -> Void = { _ in },
        onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport where Items.Element == [UInt8] {
        try await load(
            LoadSource(items, named: name), into: collection, onConflict: policy, onReject: onReject,
            onProgress: onProgress)
    }

    func load(
        _ source: LoadSource, into collection: String, onConflict policy: ConflictPolicy, migrates: Bool = false,
        onReject: (LoadReject) -> Void, onProgress: (LoadReport) -> Void
    ) async throws -> LoadReport {
        let owner = try requireCollection(collection)
        return try await ItemLoader(engine: self, owner: owner, source: source, policy: policy, migrates: migrates)
            .run(onReject, onProgress)
    }
}

import CatalogueSQLite
import Foundation
import ItemInput
import STACAPI
import TestKit
import Testing

@testable import Catalogue

extension TemporaryDirectory {
    var home: String { path("home") }

    /// Opens the catalogue for as long as `body` runs.
    @discardableResult
    func withCatalogue<Result>(
        index: CatalogueEngine.IndexUse = .required, _ body: (CatalogueEngine) throws -> Result
    ) throws -> Result {
        try body(CatalogueEngine(home: home, index: index))
    }

    @discardableResult
    func withCatalogue<Result>(
        index: CatalogueEngine.IndexUse = .required, _ body: (CatalogueEngine) async throws -> Result
    ) async throws -> Result {
        try await body(CatalogueEngine(home: home, index: index))
    }

    /// Opens the catalogue, with a Collection "a".
    func catalogue(index: CatalogueEngine.IndexUse = .required) throws -> CatalogueEngine {
        let catalogue = try CatalogueEngine(home: home, index: index)
        if try catalogue.collection(id: "a") == nil { try catalogue.putCollection("a") }
        return catalogue
    }

    /// Writes NDJSON.
    @discardableResult
    func write(lines: [String], to name: String) throws -> String {
        try write(lines.map { $0 + "\n" }.joined(), to: name)
    }

    func move(_ name: String, to target: String) throws {
        try FileManager.default.moveItem(atPath: path(name), toPath: path(target))
    }
}

extension CatalogueEngine {
    func putCollection(_ id: String) throws {
        _ = try putCollection(Samples.collection(id), id: id, .upsert, ifMatch: nil)
    }

    @discardableResult
    func put(_ item: [UInt8], in collection: String = "a") throws -> EncodedItem {
        try putItem(item, id: nil, in: collection, .upsert, ifMatch: nil).item
    }

    /// The ids of what a search finds, sorted.
    func ids(_ request: SearchRequest = SearchRequest()) throws -> [String] {
        var request = request
        request.limit = 100_000
        let page = try search(request)
        #expect(page.matched == page.items.count)
        return page.items.map(\.id).sorted()
    }

    /// All that a search finds, to be compared with what a later one does.
    func page(_ request: SearchRequest = SearchRequest(limit: 100_000)) throws -> SearchPage { try search(request) }

    @discardableResult
    func load(
        _ paths: String..., into collection: String = "a", onConflict policy: ConflictPolicy = .replace
    ) async throws -> (report: LoadReport, rejects: [LoadReject]) {
        var rejects: [LoadReject] = []
        let report = try await load(
            ItemInput(paths: paths), into: collection, onConflict: policy, onReject: { rejects.append($0) })
        return (report, rejects)
    }
}

extension CatalogueEngine {
    /// Loads in such small pieces that a few thousand Items show what happens between them.
    @discardableResult
    func loadInSmallPieces(
        _ path: String, onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        let limits = ItemLoader.Limits(transactionItems: 256, indexedItems: 1500)
        let source = LoadSource(try ItemInput(paths: [path]).makeReader())
        let owner = try requireCollection("a")
        return try await ItemLoader(engine: self, owner: owner, source: source, policy: .replace, limits: limits)
            .run({ _ in }, onProgress)
    }
}

/// The error that `body` throws.
func catalogueError<Result>(_ body: () throws -> Result) -> CatalogueError? {
    #expect(throws: CatalogueError.self) { _ = try body() }
}

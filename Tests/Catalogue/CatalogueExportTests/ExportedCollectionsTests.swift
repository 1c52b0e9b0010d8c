import Catalogue
import CatalogueSQLite
import STACAPI
import TestKit
import Testing

@testable import CatalogueExport

@Suite("Exports of curated Collections") struct ExportedCollectionsTests {
    private static func collection(_ id: String) -> [UInt8] {
        Array(
            """
            {"type": "Collection", "stac_version": "1.0.0", "id": "\(id)", "description": "A sample", "license": "other",
             "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[null, null]]}}, "links": []}
            """.utf8)
    }

    @Test("lack those of users and containers, and take them out of an earlier export, unless they are named")
    func curated() throws {
        try withTemporaryDirectory { folder in
            let engine = try CatalogueEngine(home: folder.path("home"), index: .required)
            for id in ["open", "ada.fields", "c1.fields"] {
                _ = try engine.putCollection(Self.collection(id), id: id, .upsert, ifMatch: nil)
            }
            func export(_ change: (inout CatalogueExport.Options) -> Void) throws -> ExportReport {
                var options = CatalogueExport.Options()
                change(&options)
                return try CatalogueExport(of: engine, to: folder.path("files"), options: options).run()
            }
            #expect(try export { _ in }.collections.map(\.id) == ["ada.fields", "c1.fields", "open"])
            let curated = try export { $0.visible = .curated }
            #expect(curated.collections.map(\.id) == ["open"])
            #expect(curated.removedCollections.sorted() == ["ada.fields", "c1.fields"])
            let left = try folder.files(in: "files").joined(separator: " ")
            #expect(!left.contains("ada") && !left.contains("c1"))
            let named = try export {
                $0.visible = .curated
                $0.collections = ["ada.fields"]
            }
            #expect(named.collections.map(\.id) == ["ada.fields"])
        }
    }

    @Test("are what there is where accounts are")
    func standard() {
        #expect(ExportedCollections.standard(hasAccounts: true).visible == .curated)
        #expect(ExportedCollections.standard(hasAccounts: false).visible == .all)
    }
}

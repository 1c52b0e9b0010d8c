import JSON
import STAC
import TestDocuments
import Testing

@Suite("Documents") struct DocumentTests {
    /// Invalid Items, each also by the JSON Schema of its version, with the path of the fault.
    static let wrongItems = [
        "stac/invalid/item-datetime.json": "properties.datetime",
        "stac/invalid/item-id.json": "id",
        "stac/invalid/item-old-version.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.8.1/item-spec/examples/landsat8-sample.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.8.1/item-spec/examples/sentinel2-sample.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.9.0/item-spec/examples/landsat8-sample.json": "stac_version",
        "stac/rustac/invalid/invalid-item-datetime.json": "properties.datetime",
        "stac/rustac/invalid/invalid-item.json": "id",
    ]

    /// As above: two bounding boxes, where 1.1.0 wants one or at least three.
    static let wrongCollections = [
        "stac/invalid/collection-two-boxes.json": "extent.spatial.bbox",
        "stac/planetary-computer/stac-geoparquet/3dep-lidar-copc-pc-collection.json": "extent.spatial.bbox",
    ]

    /// Without the schemas, which have members with the names of documents.
    static func documents(in folder: DocumentFolder) throws -> [Document] {
        try
            (folder.documents(in: "stac", endingIn: ".json") + folder.documents(in: "stac", endingIn: ".ndjson")
            + folder.documents(in: "terrabyte", endingIn: ".ndjson.gz"))
            .filter { !$0.path.contains("/schemas/") && !$0.path.contains("/json-schema/") }
    }

    @Test("real ones are there", .withSharedDocuments)
    func shared() throws {
        var (items, collections) = (0, 0)
        for document in try Self.documents(in: #require(DocumentFolder.shared)) {
            try document.forEach("Feature") { _, _, _ in items += 1 }
            try document.forEach("Collection") { _, _, _ in collections += 1 }
        }
        #expect(items > 450)
        #expect(collections > 60)
    }

    /// The places of the first fault of each wrong document that there is.
    private func known(_ wrong: [String: String], among documents: [Document]) -> [String: String] {
        let paths = Set(documents.map(\.path))
        return wrong.filter { paths.contains($0.key) }
    }

    @Test("Items are valid but for those known to be wrong", arguments: DocumentFolder.all)
    func items(folder: DocumentFolder) throws {
        let documents = try Self.documents(in: folder)
        var count = 0
        var wrong: [String: String] = [:]
        for document in documents {
            try document.forEach("Feature") { name, item, _ in
                count += 1
                let issues = ItemValidator().issues(in: item)
                if let issue = issues.first { wrong[name] = issue.path }
                if issues.isEmpty {
                    let times = try ItemTimes(of: item)
                    #expect(times.start <= times.end)
                } else if Self.wrongItems[name] == nil {
                    Issue.record("\(name): \(issues)")
                }
            }
        }
        #expect(wrong == known(Self.wrongItems, among: documents))
        #expect(count > wrong.count)
    }

    @Test("Collections are valid but for those known to be wrong", arguments: DocumentFolder.all)
    func collections(folder: DocumentFolder) throws {
        let documents = try Self.documents(in: folder)
        var count = 0
        var wrong: [String: String] = [:]
        for document in documents {
            try document.forEach("Collection") { name, collection, _ in
                count += 1
                let issues = CollectionValidator().issues(in: collection)
                if let issue = issues.first { wrong[name] = issue.path }
                if !issues.isEmpty, Self.wrongCollections[name] == nil { Issue.record("\(name): \(issues)") }
            }
        }
        #expect(wrong == known(Self.wrongCollections, among: documents))
        #expect(count > wrong.count)
    }

    @Test(
        "a Collection without its type and with an empty extent is rejected",
        arguments: try Document.all(in: "stac", endingIn: "/invalid-collection.json")
            + Document.all(in: "stac", endingIn: "/collection-without-type.json"))
    func noType(document: Document) throws {
        try JSONReader().read(document.bytes()) { collection in
            #expect(
                CollectionValidator().issues(in: collection).map(\.path) == [
                    "type", "extent.spatial", "extent.temporal",
                ])
        }
    }

    @Test(
        "the stored form is the Item with collection and fewer links, copied or written anew",
        arguments: DocumentFolder.all)
    func storedForm(folder: DocumentFolder) throws {
        let reader = JSONReader()
        for document in try Self.documents(in: folder) {
            try document.forEach("Feature") { name, item, isMinified in
                var stored: [UInt8] = []
                let form = StoredItem(writing: item, collectionID: "a \"b\"", into: &stored)
                guard case .object(var expected) = item.value() else { return }
                let own = item.member("links")?.elements.filter { !ItemLinks.isGenerated($0) } ?? []
                expected["collection"] = "a \"b\""
                expected["links"] = .array(own.map { $0.value() })
                #expect(try JSONValue(parsing: stored) == .object(expected), "\(name)")
                #expect(form.hasOtherLinks == !own.isEmpty)
                #expect(stored[..<form.linksOffset].suffix(9).elementsEqual("\"links\":[".utf8), "\(name)")

                if isMinified {
                    var copied: [UInt8] = []
                    let copy = StoredItem(writing: item, collectionID: "a \"b\"", isMinified: true, into: &copied)
                    #expect(copied == stored && copy == form, "\(name)")
                }
                // Once stored there is nothing left to take out.
                try reader.read(stored) { again in
                    var twice: [UInt8] = []
                    _ = StoredItem(writing: again, collectionID: "a \"b\"", isMinified: true, into: &twice)
                    #expect(twice == stored, "\(name)")
                }
            }
        }
    }
}

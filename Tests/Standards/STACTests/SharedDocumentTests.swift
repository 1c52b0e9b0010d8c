import JSON
import STAC
import SharedTestData
import Testing

@Suite("Real documents", .enabled(if: SharedData.isPresent, "no shared/data beside the checkout"))
struct SharedDocumentTests {
    /// Invalid Items, each also by the JSON Schema of its version, with the path of the fault.
    static let wrongItems = [
        "stac/pystac/extensions/eo/examples/0.8.1/item-spec/examples/landsat8-sample.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.8.1/item-spec/examples/sentinel2-sample.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.9.0/item-spec/examples/landsat8-sample.json": "stac_version",
        "stac/rustac/invalid/invalid-item-datetime.json": "properties.datetime",
        "stac/rustac/invalid/invalid-item.json": "id",
    ]

    /// As above: two bounding boxes, where 1.1.0 wants one or at least three.
    static let wrongCollections = [
        "stac/planetary-computer/stac-geoparquet/3dep-lidar-copc-pc-collection.json": "extent.spatial.bbox"
    ]

    /// Without the schemas, which have members with the names of documents.
    static func documents() throws -> [String] {
        try
            (SharedData.files(in: "stac", endingIn: ".json") + SharedData.files(in: "stac", endingIn: ".ndjson")
            + SharedData.files(in: "terrabyte", endingIn: ".ndjson.gz"))
            .filter { !$0.contains("/schemas/") && !$0.contains("/json-schema/") }
    }

    @Test("Items are valid but for those known to be wrong")
    func items() throws {
        var count = 0
        var wrong: [String: String] = [:]
        for path in try Self.documents() {
            try SharedData.forEach("Feature", in: path) { name, item, _ in
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
        #expect(wrong == Self.wrongItems)
        #expect(count > 450)
    }

    @Test("Collections are valid but for those known to be wrong")
    func collections() throws {
        var count = 0
        var wrong: [String: String] = [:]
        for path in try Self.documents() {
            try SharedData.forEach("Collection", in: path) { name, collection, _ in
                count += 1
                let issues = CollectionValidator().issues(in: collection)
                if let issue = issues.first { wrong[name] = issue.path }
                if !issues.isEmpty, Self.wrongCollections[name] == nil { Issue.record("\(name): \(issues)") }
            }
        }
        #expect(wrong == Self.wrongCollections)
        #expect(count > 60)
    }

    @Test("a Collection without its type and with an empty extent is rejected")
    func noType() throws {
        try JSONReader().read(SharedData.bytes("stac/pystac-client/invalid-collection.json")) { collection in
            #expect(
                CollectionValidator().issues(in: collection).map(\.path) == [
                    "type", "extent.spatial", "extent.temporal",
                ])
        }
    }

    @Test("the stored form is the Item with collection and fewer links, copied or written anew")
    func storedForm() throws {
        let reader = JSONReader()
        for path in try Self.documents() {
            try SharedData.forEach("Feature", in: path) { name, item, isMinified in
                var stored: [UInt8] = []
                let form = StoredItem(writing: item, collectionID: "a \"b\"", into: &stored)
                guard case .object(var expected) = try item.value() else { return }
                let own = item.member("links")?.elements.filter { !ItemLinks.isGenerated($0) } ?? []
                expected["collection"] = "a \"b\""
                expected["links"] = .array(try own.map { try $0.value() })
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

import Catalogue
import Foundation
import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Parquet
import STACGeoParquet
import Testing

@testable import STACServer

@Suite("Bodies are I-JSON") struct InteroperableBodyTests {
    /// Faults at the place of `FAULT`, an object.
    static let faults = [
        (#"{"a":1,"b":{},"a":2}"#, "occurs twice"), (#"{"b":[{"x\u0061":1,"xa":2}]}"#, "occurs twice"),
        (#"{"a":"\ud83d"}"#, "surrogate"), (#"{"\udc00":1}"#, "surrogate"), (#"{"a":"\uffff"}"#, "U+FFFF"),
        (#"{"a":[1e400]}"#, "64-bit"),
    ]

    static let item = """
        {"type":"Feature","stac_version":"1.1.0","id":"a","collection":"c","geometry":null,\
        "properties":{"datetime":"2024-01-01T00:00:00Z","x":FAULT},"links":[],"assets":{"b":{"href":"c","x":FAULT}}}
        """

    @Test("or are refused with path and reason, at every door", arguments: faults)
    func refused(fault: String, reason: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let item = Self.item.replacing("FAULT", with: fault)
            let collection = TestAPI.collection("d").jsonText.dropLast() + ",\"x\":\(fault)}"
            let area = #"{"type":"Point","coordinates":[1,2],"x":FAULT}"#.replacing("FAULT", with: fault)
            for (method, path, body) in [
                (.post, "/collections/c/items", item),
                (.post, "/collections/c/items", #"{"type":"FeatureCollection","features":[\#(item)]}"#),
                (.put, "/collections/c/items/a", item), (.patch, "/collections/c/items/item-00", #"{"x":\#(fault)}"#),
                (.post, "/collections/c/bulk_items", #"{"items":{"a":\#(item)}}"#),
                (.post, "/collections", String(collection)), (.put, "/collections/c", String(collection)),
                (.patch, "/collections/c", #"{"x":\#(fault)}"#), (.post, "/search", #"{"x":\#(fault)}"#),
                (.post, "/search", #"{"intersects":\#(area)}"#), (.post, "/aggregate", #"{"x":\#(fault)}"#),
                (.post, "/collections-search", #"{"x":\#(fault)}"#),
            ] as [(HTTPRequest.Method, String, String)] {
                let response = try await api.client.executeRequest(
                    uri: TestAPI.prefix + path, method: method,
                    headers: [.authorization: "Bearer " + TestAPI.token, .contentType: "application/json"],
                    body: ByteBuffer(string: body))
                let text = String(buffer: response.body)
                #expect(response.status == .badRequest, "\(method) \(path) \(text)")
                #expect(text.contains(reason) && text.contains("at byte"), "\(method) \(path) \(text)")
            }
            #expect(try await api.get("/search").json["numberMatched"] == 1)
            #expect(try await api.get("/collections").json["numberMatched"] == 1)
        }
    }

    @Test("an Item that was stored before that was checked comes out as JSON", arguments: faults)
    func stored(fault: String, reason: String) throws {
        let text = Self.item.replacing("FAULT", with: fault)
        let links = try #require(text.range(of: "\"links\":["))
        let old = EncodedItem(
            collection: "c", id: "a", sequence: 1, json: Array(text.utf8),
            linksOffset: text[..<links.upperBound].utf8.count)
        let sound = TestAPI.item(1).serialized()
        let soundText = String(decoding: sound, as: UTF8.self)
        let soundLinks = try #require(soundText.range(of: "\"links\":["))
        let other = EncodedItem(
            collection: "c", id: "item-01", sequence: 2, json: sound,
            linksOffset: soundText[..<soundLinks.upperBound].utf8.count)
        let base = LinkBase("http://localhost")
        for fields in [nil, FieldSelection(include: ["id"], exclude: [])] {
            var writer = ItemWriter(APILocation(base), fields)
            let lines = try writer.lines([old, other])
            for line in String(buffer: lines).split(separator: "\n") {
                #expect(throws: Never.self) { try JSONValue(parsing: String(line), by: .rfc8259) }
            }
            #expect(String(buffer: lines).split(separator: "\n").count == 2)
        }
        // Its columns could not hold it.
        var writer = ItemWriter(APILocation(base))
        let file = try ItemFile.buffer(writer.lines([old, other]), Cancellation(), Logger(label: "test"))
        let parquet = try ParquetFile(MemoryByteSource(Array(file.readableBytesView)))
        #expect(parquet.metadata.rowCount == 1)
    }
}

import Catalogue
import HTTPEdge
import JSON
import NIOCore
import STACAPI

/// Writes Items with the links that the API generates, by putting these between the bytes of the stored text: no Item
/// is decoded unless its content is to change.
struct ItemWriter {
    /// The generated links of one collection's Items, around the Item's id in its `self` link.
    private struct Links {
        let collection: String
        let beforeID: [UInt8]
        let afterID: [UInt8]

        init(_ collection: String, _ location: APILocation) {
            self.collection = collection
            let parent = location.collection(collection)
            beforeID = Array(
                "{\"rel\":\"self\",\"type\":\"\(MediaType.geoJSON)\",\"href\":\"\(parent)/items/".utf8)
            let json = MediaType.json
            afterID = Array(
                ("\"},{\"rel\":\"parent\",\"type\":\"\(json)\",\"href\":\"\(parent)\"},"
                    + "{\"rel\":\"collection\",\"type\":\"\(json)\",\"href\":\"\(parent)\"},"
                    + "{\"rel\":\"root\",\"type\":\"\(json)\",\"href\":\"\(location.landingPage)\"}").utf8)
        }

        func byteCount(of item: EncodedItem) -> Int {
            // An escaped byte of the id takes three; one more for a comma.
            item.json.count + beforeID.count + afterID.count + 3 * item.id.utf8.count + 1
        }
    }

    private let location: APILocation
    private let selection: FieldSelection?
    private let assets: AssetRewriting?
    private let cancellation: Cancellation?
    /// Neighbours on a page are of one collection mostly.
    private var links: Links?

    /// - Parameter cancellation: Ends the writing of many Items when the request has ended or is overdue.
    init(
        _ location: APILocation, _ selection: FieldSelection? = nil, _ assets: AssetRewriting? = nil,
        _ cancellation: Cancellation? = nil
    ) {
        self.cancellation = cancellation
        self.location = location
        self.selection = selection
        self.assets = assets
    }

    /// One Item.
    static func buffer(_ item: EncodedItem, _ location: APILocation, _ assets: AssetRewriting? = nil) -> ByteBuffer {
        var writer = ItemWriter(location, nil, assets)
        var buffer = ByteBufferAllocator().buffer(capacity: writer.links(of: item).byteCount(of: item))
        writer.splice(item, into: &buffer)
        return buffer
    }

    /// A page as ItemCollection.
    ///
    /// - Parameter warnings: For the member `warnings`, which is there when there are any.
    /// - Throws: `SearchAborted.cancelled`.
    static func buffer(
        _ page: SearchPage, _ links: [Link], _ location: APILocation, _ selection: FieldSelection?,
        _ assets: AssetRewriting? = nil, warnings: [String] = [], _ cancellation: Cancellation? = nil
    ) throws(SearchAborted) -> ByteBuffer {
        var writer = ItemWriter(location, selection, assets, cancellation)
        let links = Link.json(links).serialized()
        let start = Array(
            ("{\"type\":\"FeatureCollection\",\"numberMatched\":\(page.matched),"
                + "\"numberReturned\":\(page.items.count),"
                + (warnings.isEmpty
                    ? "" : "\"warnings\":\(JSONValue.array(warnings.map(JSONValue.string)).jsonText),")
                + "\(damaged(page.damaged))\"links\":").utf8)
        let features = Array(",\"features\":[".utf8)
        var byteCount = start.count + links.count + features.count + 2
        for item in page.items { byteCount += writer.links(of: item).byteCount(of: item) + 1 }
        var buffer = ByteBufferAllocator().buffer(capacity: byteCount)
        buffer.writeBytes(start)
        buffer.writeBytes(links)
        buffer.writeBytes(features)
        for (index, item) in page.items.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            try writer.write(item, to: &buffer)
        }
        buffer.writeStaticString("]}")
        return buffer
    }

    /// The member that names the Items which a page lacks because they are damaged, with a comma; empty if there are none.
    private static func damaged(_ items: [ItemName]) -> String {
        guard !items.isEmpty else { return "" }
        let names = items.map { JSONValue.object(["collection": .string($0.collection), "id": .string($0.id)]) }
        return "\"terrabyte:damaged\":" + JSONValue.array(names).jsonText + ","
    }

    /// Items with a line for each.
    ///
    /// - Throws: `SearchAborted.cancelled`.
    mutating func lines(_ items: [EncodedItem]) throws(SearchAborted) -> ByteBuffer {
        let byteCount = items.reduce(0) { $0 + links(of: $1).byteCount(of: $1) + 1 }
        var buffer = ByteBufferAllocator().buffer(capacity: byteCount)
        for item in items {
            try write(item, to: &buffer)
            buffer.writeInteger(UInt8(ascii: "\n"))
        }
        return buffer
    }

    private mutating func links(of item: EncodedItem) -> Links {
        if let links, links.collection == item.collection { return links }
        let links = Links(item.collection, location)
        self.links = links
        return links
    }

    private mutating func write(_ item: EncodedItem, to buffer: inout ByteBuffer) throws(SearchAborted) {
        if cancellation?.isCancelled == true { throw .cancelled }
        guard let selection else { return splice(item, into: &buffer) }
        var whole = ByteBuffer()
        splice(item, into: &whole)
        // Stored texts are JSON.
        guard let value = try? JSONValue(parsing: Array(whole.readableBytesView), by: .rfc8259) else { return }
        buffer.writeBytes(selection.apply(to: value).serialized())
    }

    private mutating func splice(_ item: EncodedItem, into buffer: inout ByteBuffer) {
        let links = links(of: item)
        let item = assets?.apply(to: item) ?? item
        buffer.writeBytes(item.json[..<item.linksOffset])
        buffer.writeBytes(links.beforeID)
        buffer.writeString(percentEncoded(item.id))
        buffer.writeBytes(links.afterID)
        let rest = item.json[item.linksOffset...]
        if rest.first != UInt8(ascii: "]") { buffer.writeInteger(UInt8(ascii: ",")) }
        buffer.writeBytes(rest)
    }
}

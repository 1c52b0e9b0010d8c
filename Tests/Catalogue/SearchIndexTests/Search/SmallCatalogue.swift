import JSON
import STACAPI
import SearchIndex
import TestKit

/// A few Items of one collection in an index, for tests that say what they expect.
final class SmallCatalogue {
    static let key = IndexChanges.Key(number: 1, id: "alpha")

    let index: ItemIndex
    private let directory: TemporaryDirectory
    private var texts: [String] = []

    /// - Parameter items: JSON text of Items.
    init(_ items: [String]) throws {
        directory = try TemporaryDirectory()
        index = try ItemIndex(path: directory.path, storeID: "store")
        texts = items
        try index.apply(changes(0..<items.count))
    }

    /// Members of `properties`, ids `a`, `b`, …; all with one time and without geometry.
    convenience init(properties: [String]) throws {
        try self.init(properties.enumerated().map { Self.item("\(Character(UnicodeScalar(97 + UInt8($0))))", $1) })
    }

    static func item(_ id: String, _ properties: String = "", geometry: String = "null", bbox: String = "null")
        -> String
    {
        let times = "\"datetime\":\"2020-01-01T00:00:00Z\"" + (properties.isEmpty ? "" : ",")
        return """
            {"type":"Feature","id":\(RandomValue.quoted(id)),"collection":"alpha","geometry":\(geometry),"bbox":\(bbox),
            "properties":{\(times)\(properties)},"assets":{"data":{"href":"x"}}}
            """
    }

    /// The Items of some places, whose sequences are one more than these.
    func changes(_ places: Range<Int>) throws -> IndexChanges {
        var batch = ColumnBatch()
        for place in places { try JSONReader(.rfc8259).read(Array(texts[place].utf8)) { try batch.append(item: $0) } }
        var changes = IndexChanges(after: Int64(places.lowerBound))
        changes.put(batch, rows: 0..<batch.count, sequences: places.map { Int64($0) + 1 }, in: Self.key)
        return changes
    }

    /// Ids in the order of the response.
    func ids(_ request: SearchRequest) throws -> [String] { try outcome(request).hits.map(\.id) }

    func outcome(_ request: SearchRequest) throws -> SearchOutcome {
        try index.search(request) { sequences, body in
            for (number, sequence) in sequences.enumerated() {
                try JSONReader(.rfc8259).read(Array(texts[Int(sequence) - 1].utf8)) { try body(number, $0) }
            }
        }
    }
}

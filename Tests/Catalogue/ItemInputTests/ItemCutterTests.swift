import Compression
import ItemInput
import Testing

/// Bytes in memory that come in pieces of a given size, as standard input.
final class PieceStream: ByteStream {
    let name = "pieces"
    private(set) var consumed = 0
    private let bytes: [UInt8]
    private let pieceSize: Int

    init(_ bytes: [UInt8], pieceSize: Int = 1 << 16) {
        self.bytes = bytes
        self.pieceSize = pieceSize
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(pieceSize, buffer.count, bytes.count - consumed)
        buffer.copyBytes(from: bytes[consumed..<consumed + count])
        consumed += count
        return count
    }
}

/// A reader's output to its end: `line text` for each Item, then `line !size` for oversized ones, and faults.
func contents(of reader: ItemReader, maximumItems: Int = 3) -> (items: [String], faults: [String]) {
    var items: [String] = []
    var faults: [String] = []
    while true {
        do {
            guard let batch = try reader.nextBatch(maximumItems: maximumItems) else { return (items, faults) }
            #expect(batch.items.count + batch.oversized.count <= maximumItems)
            for item in batch.items {
                items.append("\(item.line) " + batch.withText(of: item) { String(decoding: $0, as: UTF8.self) })
            }
            for item in batch.oversized { items.append("\(item.line) !\(item.byteCount)") }
        } catch {
            faults.append("\(error)")
        }
    }
}

func contents(
    of text: String, pieceSize: Int = 1 << 16, itemSizeLimit: Int = 1 << 20
) throws -> (items: [String], faults: [String]) {
    let input = try ItemInput(paths: ["-"], itemSizeLimit: itemSizeLimit)
    return contents(of: input.makeReader(standardInput: PieceStream(Array(text.utf8), pieceSize: pieceSize)))
}

@Suite("Items in a text") struct ItemCutterTests {
    /// Text, and the Items with their lines.
    static let texts: [(String, [String])] = [
        // NDJSON
        ("", []),
        ("\n \r\n\n", []),
        ("{\"a\":1}", ["1 {\"a\":1}"]),
        ("{\"a\":1}\n", ["1 {\"a\":1}"]),
        (
            "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}\n{}",
            ["1 {\"a\":1}", "2 {\"b\":2}", "3 {\"c\":3}", "4 {\"d\":4}", "5 {}"]
        ),
        ("\n\n{\"a\":1}\r\n\r\n \t{\"b\":2} \r\n", ["3 {\"a\":1}", "5 {\"b\":2}"]),
        ("\u{feff}{\"a\":1}\n{\"b\":2}", ["1 {\"a\":1}", "2 {\"b\":2}"]),
        ("{\"a\":\"}\\\"{\\\\\"}\n{\"b\":\"[\"}", ["1 {\"a\":\"}\\\"{\\\\\"}", "2 {\"b\":\"[\"}"]),
        // NDJSON with bad lines, which are passed on
        ("{\"a\":1}\n{\"b\":\n{\"c\":3}\n", ["1 {\"a\":1}", "2 {\"b\":", "3 {\"c\":3}"]),
        ("hello\n{\"b\":2}\n", ["1 hello", "2 {\"b\":2}"]),
        ("{\"a\":\"1\n{\"b\":2}\n", ["1 {\"a\":\"1", "2 {\"b\":2}"]),
        ("{\"a\":1,\n{\"b\":2}\n", ["1 {\"a\":1,", "2 {\"b\":2}"]),
        ("{\"a\":[1\n\n  {\"b\":2}\n", ["1 {\"a\":[1", "3 {\"b\":2}"]),
        ("{\"a\":1]\n{\"b\":2}\n", ["1 {\"a\":1]", "2 {\"b\":2}"]),
        ("{\"a\":1}}\n{\"b\":2}\n", ["1 {\"a\":1}}", "2 {\"b\":2}"]),
        ("{\"a\":1} x\n{\"b\":2}\n", ["1 {\"a\":1} x", "2 {\"b\":2}"]),
        ("{\"a\":1", ["1 {\"a\":1"]),
        // Documents
        ("{\n  \"a\": [\n    1\n  ]\n}\n", ["1 {\n  \"a\": [\n    1\n  ]\n}"]),
        ("{\"a\":\n{\"b\":2}\n}\n", ["1 {\"a\":\n{\"b\":2}\n}"]),
        ("\n{\n\"a\":1}{\"b\":\n2}\n\n{\"c\":3}", ["2 {\n\"a\":1}", "3 {\"b\":\n2}", "6 {\"c\":3}"]),
        ("[{\"a\":1},\n{\"b\":2}]", ["1 {\"a\":1}", "2 {\"b\":2}"]),
        ("[]", []),
        // FeatureCollections
        ("{\"type\":\"FeatureCollection\",\"features\":[]}", []),
        (
            "{\"type\":\"FeatureCollection\",\"features\":[{\"a\":1},{\"b\":[{}]}],\"n\":[1]}",
            ["1 {\"a\":1}", "1 {\"b\":[{}]}"]
        ),
        ("{\"features\":[{\"a\":1}],\"type\":\"FeatureCollection\"}\n{\"b\":2}\n", ["1 {\"a\":1}", "2 {\"b\":2}"]),
        (
            "{\"type\":\"FeatureCollection\",\"features\":[\n{\"a\":1},\n{\"b\":2}\n]}\n",
            ["2 {\"a\":1}", "3 {\"b\":2}"]
        ),
        (
            "{\n \"links\": [ {\"features\": [ {} ] } ],\n \"x\": \"features\", \"features\" : [\n {\n \"a\" : 1 }\n ,\n {\"b\":2}, {} ],\n \"y\": {\"features\":[{}]} }",
            ["4 {\n \"a\" : 1 }", "7 {\"b\":2}", "7 {}"]
        ),
        // An Item that happens to have such a member
        ("{\"type\":\"Feature\",\n\"features\":[{\"a\":1}]}", ["1 {\"type\":\"Feature\",\n\"features\":[{\"a\":1}]}"]),
        ("{\"properties\":{\"features\":[{\"a\":1}]}}", ["1 {\"properties\":{\"features\":[{\"a\":1}]}}"]),
    ]

    @Test("are found with their lines, however it is cut into pieces", arguments: texts, [1, 2, 3, 5, 8, 1_000])
    func finds(textAndItems: (String, [String]), pieceSize: Int) throws {
        let (items, faults) = try contents(of: textAndItems.0, pieceSize: pieceSize)
        #expect(items == textAndItems.1)
        #expect(faults == [])
    }

    @Test(
        "of a damaged document are found up to the fault",
        arguments: [
            ("{\"features\":[{\"a\":1}{\"b\":2}]}", 1, "pieces:1: expected ',' or ']' after an Item"),
            ("{\"features\":[\n{\"a\":1},\n]}", 1, "pieces:3: expected an Item after ','"),
            ("{\"features\":[\n{\"a\":1},\n3]}", 1, "pieces:3: expected an Item, an object"),
            ("{\"features\":[\n{\"a\":1},\n{\"b\":]}", 1, "pieces:3: unexpected ']'"),
            ("{\"features\":[{\"a\":1},{\"b\":\"\n\"}]}", 1, "pieces:1: a line break inside a string"),
            (
                "{\"features\":[\n{\"a\":1},\n{\"b\":2}", 2,
                "pieces:3: the text ends inside the JSON that begins on line 1"
            ),
            ("\n{\n\"a\":1\n", 0, "pieces:4: the text ends inside the JSON that begins on line 2"),
            ("{\n\"a\":1}\nhello", 1, "pieces:3: expected an object or an array"),
            ("[,{}]", 0, "pieces:1: expected an Item before ','"),
            ("[" + String(repeating: "{\"a\":", count: 300), 0, "pieces:1: nested deeper than 256 levels"),
        ])
    func faults(text: String, itemCount: Int, fault: String) throws {
        for pieceSize in [1, 1_000] {
            let (items, faults) = try contents(of: text, pieceSize: pieceSize)
            #expect(items.count == itemCount)
            #expect(faults == [fault])
        }
    }

    @Test("are left out when they are too large, and those around them are not", arguments: [1, 7, 1_000])
    func oversized(pieceSize: Int) throws {
        let large = "{\"a\":\"\(String(repeating: "x", count: 100))\"}"
        let expected = ["{\"b\":1}", "!\(large.utf8.count)", "{\"c\":2}"]
        for (text, lines) in [
            ("{\"b\":1}\n\(large)\n{\"c\":2}\n", [1, 2, 3]),
            ("{\"features\":[{\"b\":1},\n\(large),\n{\"c\":2}]}", [1, 2, 3]),
            // Members before the features are no Items, regardless of their size.
            ("{\"links\":\(large),\n\"features\":[{\"b\":1},\(large),{\"c\":2}]}", [2, 2, 2]),
        ] {
            let (items, faults) = try contents(of: text, pieceSize: pieceSize, itemSizeLimit: 50)
            #expect(items.sorted() == zip(lines, expected).map { "\($0) \($1)" }.sorted())
            #expect(faults == [])
        }
        let (items, _) = try contents(of: "\(large)\n{\"b\":1}", pieceSize: pieceSize, itemSizeLimit: 50)
        #expect(items == ["2 {\"b\":1}", "1 !\(large.utf8.count)"])
    }
}

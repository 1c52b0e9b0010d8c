import Compression
import Foundation
import ItemInput
import TestKit
import Testing

private func item(_ id: String) -> [UInt8] { Array("{\"id\":\"\(id)\"}\n".utf8) }

@Suite("Item input") struct ItemInputTests {
    @Test("reads every kind of file in a folder, sorted, whatever the names say of the content")
    func folder() throws {
        let files = [
            "a.json": Array("{\n\"id\": \"a\"\n}".utf8),
            "b.ndjson.gz": try gzip(item("b1")) + gzip(item("b2")),
            "c/d.jsonl.zst": try ZstdCompressor().compress(item("d1")) + ZstdCompressor().compress(item("d2")),
            "c/e.geojson": Array("{\"type\":\"FeatureCollection\",\"features\":[{\"id\":\"e\"}]}".utf8),
            "f.json": try gzip(item("f")),
            "g.json.zst": item("g"),
            ".hidden.json": item("no"), ".git/x.json": item("no"), "readme.md": item("no"), "x.tif": item("no"),
            "catalog.json": item("no"), "c/collection.json": item("no"), "c/manifest.json": item("no"),
        ]
        try withTemporaryDirectory(holding: files) { folder in
            let input = try ItemInput(paths: [folder.path])
            #expect(input.files.count == 6)
            let reader = input.makeReader()
            let batch = try #require(try reader.nextBatch())
            let ids = batch.items.map { item in
                batch.withText(of: item) {
                    String(decoding: $0.filter { $0 > 0x60 && $0 < 0x7b || $0 < 0x3a && $0 > 0x2f }, as: UTF8.self)
                }
            }
            #expect(ids == ["ida", "idb1", "idb2", "idd1", "idd2", "ide", "idf", "idg"])
            #expect(batch.items.map { batch.location(of: $0) }[4] == "\(folder.path)/c/d.jsonl.zst:2")
            #expect(try reader.nextBatch() == nil)
            #expect(reader.progress.consumed == reader.progress.total)
        }
    }

    @Test("groups Items, each group with no other texts than its own")
    func groups() throws {
        let lines = (0..<100).flatMap { item($0 % 20 == 7 ? "rare\($0)" : "often\($0)") }
        try withTemporaryDirectory(holding: ["a.ndjson": lines]) { folder in
            let batch = try #require(try ItemInput(paths: [folder.path]).makeReader().nextBatch())
            let groups = batch.grouped { item, text in
                item.line == 3 ? nil : String(decoding: text, as: UTF8.self).contains("rare") ? "rare" : "often"
            }
            #expect(groups.mapValues(\.items.count) == ["rare": 5, "often": 94])
            for (key, group) in groups {
                #expect(group.texts.count == group.items.reduce(0) { $0 + $1.range.count })
                for item in group.items {
                    #expect(
                        group.withText(of: item) { String(decoding: $0, as: UTF8.self) }
                            == "{\"id\":\"\(key)\(item.line - 1)\"}")
                    #expect(group.location(of: item) == "\(folder.path)/a.ndjson:\(item.line)")
                }
            }
        }
    }

    @Test("follows a symbolic link to a folder, hidden or not")
    func linkedFolder() throws {
        try withTemporaryDirectory(holding: [".versions/1/ä b.ndjson": item("a")]) { folder in
            let link = folder.url.appending(path: "current")
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: ".versions/1")
            for path in [link.path, link.path + "/"] {
                let input = try ItemInput(paths: [path])
                #expect(input.files.map(\.path) == ["\(link.path)/ä b.ndjson"])
                #expect(try input.makeReader().nextBatch()?.items.count == 1)
            }
        }
    }

    @Test("names paths that are not there, and folders without Items")
    func noFiles() throws {
        let missing = try #require(throws: ItemInputError.self) { try ItemInput(paths: ["/no/such/file"]) }
        #expect("\(missing)" == "/no/such/file: no such file or folder")
        try withTemporaryDirectory(holding: ["a.tif": []]) { folder in
            let error = try #require(throws: ItemInputError.self) { try ItemInput(paths: [folder.path]) }
            #expect(error.reason == .noFiles)
        }
    }

    @Test(
        "a cut or damaged file gives what comes before, then an error, and the next file is read",
        arguments: ["gz", "zst"])
    func truncated(format: String) throws {
        let lines = (0..<50_000).map { "{\"id\":\"\($0)\",\"hash\":\($0 &* 2_654_435_761 % 1_000_003)}\n" }.joined()
        let packed = try format == "gz" ? gzip(Array(lines.utf8)) : ZstdCompressor().compress(Array(lines.utf8))
        var damaged = packed
        for position in packed.count - 400..<packed.count - 300 { damaged[position] ^= 0xff }
        let files = ["a.ndjson": Array(packed.dropLast(100)), "b.ndjson": damaged, "c.ndjson": item("last")]
        try withTemporaryDirectory(holding: files) { folder in
            let (items, faults) = contents(of: try ItemInput(paths: [folder.path]).makeReader(), maximumItems: 1_000)
            #expect(items.count > 20_000)
            #expect(items.allSatisfy { $0.hasSuffix("}") })
            #expect(items.last == "1 {\"id\":\"last\"}")
            #expect(faults.count == 2)
            #expect(faults.first?.contains("a.ndjson: ") == true)
            #expect(faults.first?.contains("the input ends inside the compressed data") == true, "\(faults)")
            #expect(faults.last?.contains("b.ndjson: ") == true)
        }
    }

    @Test("reads standard input from a pipe")
    func pipe() throws {
        let pipe = Pipe()
        let stream = FileStream(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "standard input")
        try pipe.fileHandleForWriting.write(contentsOf: try gzip(item("a") + item("b")))
        try pipe.fileHandleForWriting.close()
        let input = try ItemInput(paths: ["-"])
        let reader = input.makeReader(standardInput: stream)
        let batch = try #require(try reader.nextBatch())
        #expect(batch.items.map { batch.location(of: $0) } == ["standard input:1", "standard input:2"])
        #expect(reader.progress.total == nil)
        try pipe.fileHandleForReading.close()
    }

    @Test("batches end at their limits and hold whole Items")
    func batches() throws {
        let lines = (0..<1_000).flatMap { item("\($0)") }
        let input = try ItemInput(paths: ["-"])
        let byCount = input.makeReader(standardInput: PieceStream(lines))
        var counts: [Int] = []
        while let batch = try byCount.nextBatch(maximumItems: 300) { counts.append(batch.items.count) }
        #expect(counts == [300, 300, 300, 100])
        let bySize = input.makeReader(standardInput: PieceStream(lines, pieceSize: 100))
        var sizes: [Int] = []
        while let batch = try bySize.nextBatch(maximumItems: .max, maximumBytes: 1_000) {
            sizes.append(batch.texts.count)
        }
        #expect(sizes.dropLast().allSatisfy { (1_000..<1_020).contains($0) })
        #expect(sizes.reduce(0, +) == lines.count - 1_000)
    }

    @Test("a line longer than a batch and all buffers is one Item")
    func longLine() throws {
        let long = "{\"id\":\"\(String(repeating: "x", count: 3_000_000))\"}"
        let reader = try ItemInput(paths: ["-"]).makeReader(
            standardInput: PieceStream(Array("{}\n\(long)\n{}\n".utf8), pieceSize: 100_000))
        var lengths: [[Int]] = []
        while let batch = try reader.nextBatch(maximumBytes: 1_000) { lengths.append(batch.items.map(\.range.count)) }
        #expect(lengths == [[2, long.utf8.count], [2]])
    }
}

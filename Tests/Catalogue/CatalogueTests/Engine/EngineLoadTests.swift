import CQL2
import Compression
import Foundation
import ItemInput
import JSON
import STACAPI
import TestKit
import Testing

@testable import Catalogue

@Suite("Loading files") struct EngineLoadTests {
    let folder: TemporaryDirectory
    let catalogue: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try folder.catalogue()
    }

    /// Good Items with broken ones between them, as lines, and what is to be said about these.
    private static let lines = [
        Samples.item("a-1"),
        #"{"type":"Feature","#,
        Samples.item("a-2"),
        Samples.item("a-3").replacing(#""2024-01-01T12:00:00Z""#, with: #""soon""#),
        "",
        Samples.item("").replacing("eo:cloud_cover", with: "x"),
        Samples.item("a-4"),
        Samples.item("a-5").replacing(#""coordinates":[11.0,48]"#, with: #""coordinates":["x"]"#),
        Samples.item("a-6"),
    ]
    private static let faults = [2: nil, 4: "properties.datetime", 6: "id", 8: "geometry"] as [Int: String?]

    private func expectFaults(_ rejects: [LoadReject], in path: String) {
        #expect(rejects.map(\.location) == Self.faults.keys.sorted().map { "\(path):\($0)" })
        for (reject, line) in zip(rejects, Self.faults.keys.sorted()) {
            #expect(reject.path == Self.faults[line]!, "\(reject)")
            #expect(!reject.reason.isEmpty)
        }
    }

    @Test("keeps the good Items around broken ones", arguments: ["plain", "gz", "zst"])
    func rejects(compression: String) async throws {
        let text = Array(Self.lines.map { $0 + "\n" }.joined().utf8)
        let bytes =
            switch compression {
            case "gz": try gzip(text)
            case "zst": try ZstdCompressor().compress(text)
            default: text
            }
        let path = try folder.write(bytes, to: "items.ndjson.\(compression)")
        let (report, rejects) = try await catalogue.load(path)
        expectFaults(rejects, in: path)
        #expect(report.read == 8 && report.created == 4 && report.rejected == 4)
        #expect(report.consumedBytes == bytes.count && report.totalBytes == bytes.count)
        #expect(try catalogue.ids() == ["a-1", "a-2", "a-4", "a-6"])
        #expect(try catalogue.verify() == [])
    }

    @Test("reads FeatureCollections, and goes on behind a file that breaks off")
    func folderOfFiles() async throws {
        let features = [Samples.item("f-1"), #"{"type":"Feature"}"#, Samples.item("f-2")].joined(separator: ",\n")
        try folder.write(#"{"type":"FeatureCollection","features":["# + "\n" + features + "\n]}", to: "in/b.json")
        try folder.write(
            #"{"type":"FeatureCollection","features":["# + "\n" + Samples.item("f-3") + ",\n{", to: "in/c.geojson")
        try folder.write(Samples.item("f-4"), to: "in/deep/d.json")
        try folder.write([0x1f, 0x8b, 0, 0], to: "in/a.ndjson.gz")
        try folder.write("not for us", to: "in/e.txt")
        let (report, rejects) = try await catalogue.load(folder.path("in"))
        #expect(try catalogue.ids() == ["f-1", "f-2", "f-3", "f-4"])
        #expect(report.read == 5 && report.created == 4 && report.rejected == 3)
        let places = rejects.map { $0.location.dropFirst(folder.path("in").count + 1) }
        #expect(places == ["a.ndjson.gz", "b.json:3", "c.geojson:3"])
        #expect(rejects[0].reason.hasSuffix("; the rest of the file is left out"))
        #expect(rejects[1].path == "stac_version" || rejects[1].path == "id", "\(rejects[1])")
        #expect(rejects[2].reason.contains("the text ends inside"))
    }

    @Test("tells of rejects in the order of the files")
    func order() async throws {
        var lines = Samples.items(0..<3000)
        for broken in stride(from: 5, to: 3000, by: 100) { lines[broken] = "{" }
        let first = try folder.write(lines: lines, to: "1.ndjson")
        let second = try folder.write(#"{"type":"FeatureCollection","features":[}"#, to: "2.json")
        let third = try folder.write(lines: ["x", Samples.item("x")], to: "3.ndjson")
        let (_, rejects) = try await catalogue.load(first, second, third)
        let expected = stride(from: 6, through: 3000, by: 100).map { "\(first):\($0)" } + ["\(second):1", "\(third):1"]
        #expect(rejects.map(\.location) == expected)
        #expect(try catalogue.ids().count == 3000 - 30 + 1)
    }

    @Test("refuses Items that are too large one by one")
    func oversized() async throws {
        let path = try folder.write(
            lines: [
                "{", Samples.item("x"), Samples.item("y", extra: #","z":"\#(String(repeating: "z", count: 5000))""#),
                "{", Samples.item("z"),
            ], to: "a.ndjson")
        var rejects: [LoadReject] = []
        let report = try await catalogue.load(
            ItemInput(paths: [path], itemSizeLimit: 4000), into: "a", onReject: { rejects.append($0) })
        #expect(rejects.map(\.location) == [1, 3, 4].map { "\(path):\($0)" })
        #expect(rejects[1].reason.contains("bytes, too many"))
        #expect(report.read == 5 && report.created == 2)
    }

    @Test("of nothing does nothing")
    func empty() async throws {
        let path = try folder.write("", to: "empty.ndjson")
        let blank = try folder.write("\n \n", to: "blank.ndjson")
        let (report, rejects) = try await catalogue.load(path, blank)
        #expect(report.read == 0 && rejects.isEmpty && report.consumedBytes == 3 && report.totalBytes == 3)
        let (other, faults) = try await catalogue.load(try folder.write("hello", to: "text.ndjson"))
        #expect(other.created == 0 && faults.count == 1)
        #expect(try catalogue.status().lastSequence == 1)
    }

    @Test("needs a Collection")
    func noCollection() async throws {
        let path = try folder.write(lines: [Samples.item("x")], to: "a.ndjson")
        let error = await #expect(throws: CatalogueError.self) { try await catalogue.load(path, into: "b") }
        #expect(error?.code == .noSuchCollection)
    }

    @Test("a second time changes nothing")
    func again() async throws {
        let path = try folder.write(lines: Samples.items(0..<9000), to: "a.ndjson")
        let first = try await catalogue.load(path).report
        #expect(first.created == 9000)
        let (last, before) = (try catalogue.status().lastSequence, try catalogue.page())
        let second = try await catalogue.load(path).report
        #expect(second.unchanged == 9000 && second.read == 9000 && second.created + second.replaced == 0)
        #expect(try catalogue.status().lastSequence == last)
        #expect(try catalogue.page() == before)
    }

    @Test("takes the last of Items with one id")
    func duplicates() async throws {
        var lines = Samples.items(0..<5000)
        lines.insert(Samples.item("twin", cloud: 1), at: 10)
        lines.insert(Samples.item("twin", cloud: 2), at: 20)
        lines.append(Samples.item("twin", cloud: 3))
        let report = try await catalogue.load(try folder.write(lines: lines, to: "a.ndjson")).report
        #expect(report.created == 5001 && report.replaced == 2)
        let page = try catalogue.search(SearchRequest(ids: ["twin"]))
        #expect(page.matched == 1)
        #expect(try JSONValue(parsing: page.items[0].json)["properties"]?["eo:cloud_cover"]?.double == 3)
        #expect(try catalogue.verify() == [])
    }

    @Test("does with taken ids as the policy says", arguments: ConflictPolicy.allCases)
    func conflicts(policy: ConflictPolicy) async throws {
        try catalogue.put(Samples.bytes("x-7", cloud: 1))
        let path = try folder.write(
            lines: (0..<10).map { Samples.item("x-\($0)", cloud: 50) } + ["{"], to: "a.ndjson")
        var last = LoadReport()
        do {
            let input = try ItemInput(paths: [path])
            last = try await catalogue.load(input, into: "a", onConflict: policy, onProgress: { last = $0 })
            #expect(policy != .fail)
        } catch let error as CatalogueError {
            #expect(policy == .fail && error.code == .itemExists && error.itemID == "x-7")
            #expect(error.message.hasPrefix("\(path):8: "))
        }
        let clouds = try catalogue.search(SearchRequest(ids: ["x-7"])).items.map {
            try JSONValue(parsing: $0.json)["properties"]?["eo:cloud_cover"]?.double
        }
        #expect(clouds == [policy == .replace ? 50 : 1])
        switch policy {
        case .replace: #expect(last.created == 9 && last.replaced == 1 && last.skipped == 0)
        case .skip: #expect(last.created == 9 && last.replaced == 0 && last.skipped == 1)
        // What came before stays.
        case .fail: #expect(last.created == 7)
        }
        #expect(try catalogue.ids().count == (policy == .fail ? 8 : 10))
        #expect(try catalogue.verify() == [])
    }

    @Test("can be cancelled, and keeps what it has written")
    func cancellation() async throws {
        let path = try folder.write(lines: Samples.items(0..<12_000), to: "a.ndjson")
        let task = Task { [catalogue] in
            var written = 0
            do {
                _ = try await catalogue.load(
                    ItemInput(paths: [path]), into: "a",
                    onProgress: { report in
                        written = report.created
                        withUnsafeCurrentTask { $0?.cancel() }
                    })
                return (-1, written)
            } catch is CancellationError { return (0, written) }
        }
        let (outcome, written) = try await task.value
        #expect(outcome == 0 && written > 0 && written < 12_000)
        #expect(try catalogue.ids().count == written)
        #expect(try catalogue.verify() == [])
        #expect(try await catalogue.load(path).report.created == 12_000 - written)
    }

    @Test("goes into the index piece by piece", arguments: [false, true])
    func pieces(isSmall: Bool) async throws {
        // More than go into files of the index at once, and a second round that replaces them.
        for extra in ["", #","x":1"#] {
            let path = try folder.write(lines: Samples.items(0..<9000, extra: extra), to: "a\(extra.count).ndjson")
            let report = try await isSmall ? catalogue.loadInSmallPieces(path) : catalogue.load(path).report
            #expect(report.created + report.replaced == 9000)
            #expect(try catalogue.search(SearchRequest(limit: 0)).matched == 9000)
        }
        #expect(try catalogue.search(SearchRequest(filter: Expression(text: "x = 1"), limit: 0)).matched == 9000)
        #expect(try catalogue.verify() == [])
    }
}

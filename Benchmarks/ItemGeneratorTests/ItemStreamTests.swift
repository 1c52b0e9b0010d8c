import JSON
import Temporal
import Testing

@testable import ItemGenerator

@Suite("Generated Items") struct ItemStreamTests {
    private static func bytes(_ options: ItemStream.Options) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try ItemStream(options, during: testedPeriod).write { bytes.append(contentsOf: $0) }
        return bytes
    }

    private static let lines = Result {
        try bytes(.init(count: 1_500)).split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    @Test("are the same for the same options, however they are cut into chunks")
    func determinism() throws {
        let stream = try ItemStream(.init(count: 1_500), during: testedPeriod)
        var lines: [UInt8] = []
        stream.write(chunkSize: 100) { lines.append(contentsOf: $0) }
        #expect(try lines.split(separator: UInt8(ascii: "\n")).map(Array.init) == Self.lines.get())
        let other = try Self.bytes(.init(count: 1, seed: 2)).dropLast()
        #expect(try !Self.lines.get().contains(Array(other)))
    }

    @Test("are valid in themselves: order, ids, boxes, classes, sizes")
    func content() throws {
        let lines = try Self.lines.get()
        #expect(lines.count == 1_500)
        let reader = JSONReader()
        var ids: Set<String> = []
        var last = ""
        for line in lines {
            #expect((15_500...17_500).contains(line.count))
            try reader.read(line) { root in
                let id = root["id"]?.string ?? ""
                #expect(ids.insert(id).inserted, "\(id)")
                let properties = try #require(root["properties"])
                let datetime = properties["datetime"]?.string ?? ""
                #expect(last <= datetime && Timestamp(datetime) != nil)
                last = datetime
                var rings = try #require(root["geometry"]?["coordinates"]).elements
                let points = rings.next()?.elements.map { $0.elements.map { $0.double ?? .nan } } ?? []
                let (x, y) = (points.map { $0[0] }, points.map { $0[1] })
                #expect(points.first == points.last && points.count >= 4)
                #expect(root["bbox"]?.elements.map(\.double) == [x.min(), y.min(), x.max(), y.max()], "\(id)")
                func percent(_ name: String) -> Double { properties[name]?.double ?? .nan }
                let clouds = ["s2:high_proba_clouds", "s2:medium_proba_clouds", "s2:thin_cirrus"]
                let cover = clouds.reduce(0) { $0 + percent("\($1)_percentage") }
                #expect(abs(cover - percent("eo:cloud_cover")) < 1e-5, "\(id)")
                let ground = [
                    "cloud_shadow", "dark_features", "unclassified", "snow_ice", "water", "vegetation", "not_vegetated",
                ]
                let sum = ground.reduce(cover) { $0 + percent("s2:\($1)_percentage") }
                #expect(abs(sum - 100) < 1e-4, "\(id)")
                #expect(properties.count == 42 && root["assets"]?.count == 22)
                let href = root["assets"]?["B02"]?["href"]?.string ?? ""
                #expect(href.contains("/\(id).SAFE/GRANULE/"), "\(href)")
            }
        }
    }

    @Test("of later processings have ids of their own")
    func reprocessing() throws {
        let archive = Archive(seed: 1, during: testedPeriod)
        let first = archive.focusCount + archive.otherCount
        let lines = try Self.bytes(.init(count: first + 100, skip: first)).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 100)
        for line in lines {
            #expect(try JSONReader().read(Array(line)) { $0["id"]?.string?.contains("_N0511_") } == true)
        }
    }

    @Test("can only be as many as there are")
    func limits() {
        #expect(throws: ItemStream.Invalid.skip(2, count: 1)) { try ItemStream(.init(count: 1, skip: 2)) }
        #expect(throws: ItemStream.Invalid.focusShare(1)) { try ItemStream(.init(count: 1, focusShare: 1)) }
        #expect(throws: ItemStream.Invalid.self) { try ItemStream(.init(count: 1_000_000_000)) }
    }

    @Test("fit the Collection document")
    func collection() throws {
        let document = Sentinel2Collection.document
        let item = try JSONValue(parsing: #require(Self.lines.get().first))
        #expect(item["collection"] == document["id"])
        let assets = try #require(item["assets"]?.object)
        #expect(assets.names == document["item_assets"]?.object?.names)
        for (name, value) in assets.map({ ($0.name, $0.value) }) {
            for member in document["item_assets"]?[name]?.object?.members ?? [] {
                #expect(value[member.name] == member.value, "\(name)")
            }
        }
    }
}

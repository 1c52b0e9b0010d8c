import DemoCatalogue
import JSON
import Temporal
import Testing

@Suite("The demo's Items") struct DemoCatalogueTests {
    static let demo = DemoCatalogue()
    static let ids = ["sentinel-1-grd", "sentinel-2-c1-l2a", "landsat-ot-c2-l2"]

    @Test("come in three collections, some twenty thousand in all")
    func counts() {
        #expect(Self.demo.collections.map(\.id) == Self.ids)
        let counts = Self.ids.map { Self.demo.items(of: $0).count }
        #expect(counts == [7_514, 10_684, 1_971])
        #expect(Self.demo.items(of: "unknown").isEmpty)
    }

    /// A change of this hash is a change that users see: say so in the changelog.
    @Test("are always the same, to the byte")
    func determinism() {
        var hash: UInt64 = 0
        for id in Self.ids {
            for item in Self.demo.items(of: id) {
                // By words, the last of which may overlap the one before.
                item.withUnsafeBytes { bytes in
                    for offset in stride(from: 0, to: bytes.count, by: 8) {
                        let start = min(offset, bytes.count - 8)
                        hash = (hash ^ bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)) &* 0x100_0000_01b3
                        hash ^= hash >> 29
                    }
                }
            }
        }
        #expect(hash == 0xac33_5a11_dc7e_faf0)
    }

    @Test("are well-formed, with ids of their own, the right box and times within the extent", arguments: ids)
    func content(collectionID: String) throws {
        let document = try #require(Self.demo.collections.first { $0.id == collectionID }).document
        let extent = try #require(document["extent"]?["spatial"]?["bbox"]?[0]?.array?.map { $0.double ?? .nan })
        let interval = try #require(document["extent"]?["temporal"]?["interval"]?[0])
        let (start, end) = (Timestamp(interval[0]?.string ?? ""), Timestamp(interval[1]?.string ?? ""))
        let first = try #require(start)
        let last = try #require(end)
        let reader = JSONReader()
        var seen: Set<String> = []
        var previous = first
        for item in Self.demo.items(of: collectionID) {
            try reader.read(item) { root in
                let id = root["id"]?.string ?? ""
                #expect(seen.insert(id).inserted, "\(id)")
                #expect(root["collection"]?.string == collectionID)
                #expect((2_000...6_000).contains(item.count), "\(id): \(item.count) bytes")
                let properties = try #require(root["properties"])
                let from = properties["datetime"]?.string ?? properties["start_datetime"]?.string ?? ""
                let to = properties["datetime"]?.string ?? properties["end_datetime"]?.string ?? ""
                let (begin, finish) = (try #require(Timestamp(from)), try #require(Timestamp(to)))
                #expect(previous <= begin && begin <= finish && finish < last, "\(id)")
                previous = begin
                var rings = try #require(root["geometry"]?["coordinates"]).elements
                let points = rings.next()?.elements.map { $0.elements.map { $0.double ?? .nan } } ?? []
                let bbox = root["bbox"]?.elements.map { $0.double ?? .nan }
                let (x, y) = (points.map { $0[0] }, points.map { $0[1] })
                #expect(bbox == [x.min()!, y.min()!, x.max()!, y.max()!], "\(id)")
                #expect(points.first == points.last && points.count >= 4 && isCounterclockwise(points), "\(id)")
                #expect(
                    extent[0] <= x.min()! && extent[1] <= y.min()! && x.max()! <= extent[2] && y.max()! <= extent[3])
            }
        }
    }

    @Test("of Sentinel-1 match the filter of the users' notebooks")
    func slideFilter() throws {
        let start = try #require(Timestamp("2020-03-28T20:05:46+02", .lenient))
        let end = try #require(Timestamp("2020-03-28T22:06:15+02", .lenient))
        let reader = JSONReader()
        var modes: [String] = []
        for item in Self.demo.items(of: "sentinel-1-grd") {
            try reader.read(item) { root in
                let properties = try #require(root["properties"])
                #expect(properties["datetime"]?.isNull == true)
                guard let to = Timestamp(properties["end_datetime"]?.string ?? ""), to >= start,
                    let from = Timestamp(properties["start_datetime"]?.string ?? ""), from <= end
                else { return }
                modes.append(properties["sar:instrument_mode"]?.string ?? "")
            }
        }
        #expect(modes.filter { $0 == "IW" }.count == 4)
        #expect(modes.filter { $0 == "SM" }.count == 1)
        #expect(modes.count == 5)
    }
}

/// By the sign of the area.
private func isCounterclockwise(_ ring: [[Double]]) -> Bool {
    zip(ring, ring.dropFirst()).reduce(0) { $0 + $1.0[0] * $1.1[1] - $1.1[0] * $1.0[1] } > 0
}

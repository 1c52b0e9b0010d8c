import HTTPTypes
import JSON
import Testing

@testable import STACServer

@Suite("Known problems at the antimeridian") struct AntimeridianProblemTests {
    /// West of it, east of it, across it as RFC 7946 wants it, across it as products have it, and far away.
    private static let items: [JSONValue] = [
        TestAPI.item("west", geometry: rectangle(179, -18, 179.5, -17)),
        TestAPI.item("east", geometry: rectangle(-179.5, -18, -179, -17)),
        TestAPI.item(
            "cut",
            geometry: [
                "type": "MultiPolygon",
                "coordinates": [
                    rectangle(179.2, -18, 180, -17)["coordinates"]!, rectangle(-180, -18, -179.2, -17)["coordinates"]!,
                ],
            ]),
        TestAPI.item(
            "jumping",
            geometry: [
                "type": "Polygon",
                "coordinates": [
                    [[179.27, -18], [-178.11, -18.4], [-178.5, -16.6], [178.9, -16.3], [179.27, -18]]
                ],
            ]),
        TestAPI.item(
            "beyond",
            geometry: [
                "type": "Polygon",
                "coordinates": [
                    [
                        [-178.554, -16.658], [-178.938, -18.391], [-180, -18.17], [-180.671, -18.03],
                        [-180.27, -16.302], [-180, -16.358], [-178.554, -16.658],
                    ]
                ],
            ]),
        TestAPI.item("australia", geometry: rectangle(130, -28, 131, -27)),
        TestAPI.item("greenwich", geometry: rectangle(0, 0, 1, 1)),
    ]

    private static let around: Set<String> = ["west", "east", "cut", "jumping", "beyond"]

    @Test("pgstac#428, stac-fastapi-pgstac#323: a bbox whose west is greater than its east is the part across 180°")
    func boxes() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await Set(api.find("bbox=178,-45,-178,45")) == Self.around)
            #expect(try await Set(api.find(posting: ["bbox": [178, -45, -178, 45]])) == Self.around)
            #expect(try await Set(api.find("bbox=178,-45,0,-178,45,9000")).isSubset(of: Self.around))
            let complement = try await api.find("bbox=-178,-45,178,45")
            #expect(Set(complement) == ["australia", "greenwich"])
        }
    }

    @Test("PlanetaryComputer#296: an Item whose longitudes go beyond −180° is found on both sides")
    func beyond() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await api.find("bbox=179.4,-17.7,179.95,-17.0").contains("beyond"))
            #expect(try await api.find("bbox=-179.9,-17.7,-179.7,-17.0").contains("beyond"))
            #expect(try await api.find("bbox=-178,-17.7,-177,-17.0").isEmpty)
        }
    }

    @Test("PlanetaryComputer#71: an Item across 180° is not found in the middle of Australia")
    func notAroundTheWorld() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await api.find("bbox=129.885371,-29.068322,137.230638,-23.538097") == ["australia"])
            #expect(try await api.find("bbox=-10,-20,10,-15").isEmpty)
        }
    }

    @Test(
        "cirrus-earth-search#29: a bbox may go beyond 180°",
        arguments: ["179.99,-17.5,180.01", "-180.01,-17.5,-179.99"])
    func boxesBeyond(start: String) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await Set(api.find("bbox=\(start),-17.2")) == ["cut", "jumping", "beyond"])
        }
    }

    @Test(
        "pgstac#261, stac-api-spec#473: an area across 180° means the same in each way to write it",
        arguments: [
            rectangle(179.1, -18.2, 180.9, -16.8), rectangle(-180.9, -18.2, -179.1, -16.8),
            [
                "type": "Polygon",
                "coordinates": [
                    [[179.1, -18.2], [-179.1, -18.3], [-179.1, -16.8], [179.1, -16.8], [179.1, -18.2]]
                ],
            ],
            [
                "type": "MultiPolygon",
                "coordinates": [
                    rectangle(179.1, -18.2, 180, -16.8)["coordinates"]!,
                    rectangle(-180, -18.2, -179.1, -16.8)["coordinates"]!,
                ],
            ],
        ] as [JSONValue])
    func areas(area: JSONValue) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await Set(api.find(posting: ["intersects": area])) == Self.around)
            let filter: JSONValue = ["op": "s_intersects", "args": [["property": "geometry"], area]]
            #expect(try await Set(api.find(posting: ["filter": filter])) == Self.around)
        }
    }

    @Test("openeo-geopyspark-driver#1568, stac-map#80: one search across 180° finds what two halves find")
    func halves() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            let (west, east) = (try await api.find("bbox=178,-45,180,45"), try await api.find("bbox=-180,-45,-178,45"))
            let whole = try await api.find("bbox=178,-45,-178,45")
            #expect(Set(west).union(east) == Set(whole) && Set(whole).count == whole.count)
        }
    }

    @Test("stac-check#121: what lies across 180° comes out as it went in")
    func unchanged() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            for item in Self.items {
                let id = try #require(item["id"]?.string)
                let found = try await api.get("/collections/c/items/" + id).json
                #expect(found["geometry"] == item["geometry"] && found["bbox"] == item["bbox"])
            }
        }
    }
}

import JSON
import STAC
import Testing

/// pystac's own results are compared in `Tests/Interoperability/test_migration.py`.
@Suite("Migration of earlier versions") struct MigrationTests {
    private static func item(
        _ version: String, _ properties: JSONValue = [:], extensions: JSONValue? = nil, assets: JSONValue = [:]
    ) -> JSONObject {
        var item: JSONObject = [
            "type": "Feature", "stac_version": .string(version), "id": "a", "geometry": nil, "properties": properties,
            "links": [], "assets": assets,
        ]
        if let extensions { item["stac_extensions"] = extensions }
        return item
    }

    @Test(
        "concerns 0.8.0 to the last candidate of 1.0.0",
        arguments: [
            ("0.7.0", false), ("0.8.0", true), ("0.8.1", true), ("0.9.0", true), ("1.0.0-beta.1", true),
            ("1.0.0-rc.4", true), ("1.0.0", false), ("1.1.0", false), ("1.1.0-beta.1", false), ("2", false),
            ("x.y.z", false), ("0.8.0-rc1", true), ("0.10.0", true),
        ])
    func versions(version: String, isMigrated: Bool) {
        let migrated = STACMigration.migrated(item: Self.item(version))
        #expect((migrated != nil) == isMigrated)
        if let migrated {
            #expect(migrated["stac_version"] == "1.1.0")
            #expect(migrated["stac_extensions"] == [])
        }
    }

    @Test("moves members to their successors")
    func members() throws {
        let migrated = try #require(
            STACMigration.migrated(
                item: Self.item(
                    "0.8.1",
                    [
                        "eo:platform": "p", "eo:instrument": "i", "eo:gsd": 10, "eo:epsg": 32632,
                        "eo:sun_azimuth": 1.50,
                        "dtr:start_datetime": "2020-01-01T00:00:00Z", "license": "various",
                        "eo:bands": [["name": "B1"], ["name": "B2"]], "sar:type": "GRD", "sar:polarization": "VV",
                    ], extensions: ["eo", "dtr", "sar"],
                    assets: ["x": ["href": "h", "eo:bands": [1, 7, "odd"]], "y": 3])))
        let properties = try #require(migrated["properties"])
        #expect(properties["platform"] == "p" && properties["instruments"] == ["i"] && properties["gsd"] == 10)
        #expect(properties["proj:code"] == "EPSG:32632" && properties["eo:epsg"] == nil)
        #expect(properties["view:sun_azimuth"]?.double == 1.5 && properties["license"] == "other")
        #expect(properties["start_datetime"] == "2020-01-01T00:00:00Z" && properties["dtr:start_datetime"] == nil)
        #expect(properties["sar:product_type"] == "GRD" && properties["sar:polarizations"] == ["VV"])
        #expect(migrated["assets"]?["x"]?["eo:bands"] == [["name": "B2"], 7, "odd"])
        let names = migrated["stac_extensions"]?.array?.compactMap {
            $0.string?.split(separator: "/").dropFirst(2).first
        }
        #expect(Set(names ?? []) == ["eo", "sar", "view", "projection"])
    }

    @Test("an extension that is named twice is listed once")
    func twice() {
        let schema = "https://stac-extensions.github.io/view/v1.0.0/schema.json"
        let item = Self.item("0.9.0", extensions: ["view", .string(schema), "commons"])
        #expect(STACMigration.migrated(item: item)?["stac_extensions"] == [.string(schema)])
    }

    @Test("a Collection gets a type, ranges in summaries, and item_assets")
    func collections() throws {
        let collection: JSONObject = [
            "stac_version": "0.9.0", "stac_extensions": ["asset", "eo", "scientific"], "id": "c", "description": "d",
            "license": "proprietary", "extent": [:], "summaries": ["n": ["min": 1, "max": 2], "s": ["a"]],
            "assets": ["data": ["title": "Data", "type": "image/tiff"]], "links": [],
        ]
        let migrated = try #require(STACMigration.migrated(collection: collection))
        #expect(migrated.names.first == "type" && migrated["type"] == "Collection")
        #expect(migrated["license"] == "other" && migrated["assets"] == nil)
        #expect(migrated["summaries"] == ["n": ["minimum": 1, "maximum": 2], "s": ["a"]])
        #expect(migrated["item_assets"]?["data"]?["title"] == "Data")
        #expect(migrated["stac_extensions"] == ["https://stac-extensions.github.io/scientific/v1.0.0/schema.json"])
        #expect(STACMigration.migrated(collection: ["stac_version": "0.9.0", "id": "catalog", "links": []]) == nil)
    }
}

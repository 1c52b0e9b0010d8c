import ItemSimulation
import JSON
import Temporal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes Items one after another, each with a line feed.
///
/// Values shared by all Items of a datatake are computed once; the others are drawn from the granule's own generator,
/// so that an Item does not depend on the other Items of a run.
struct ItemWriter {
    var text: JSONText
    private let archive: Archive
    private let template = AssetTemplate()
    private let head: [UInt8]
    private let providers: [UInt8]
    /// The five characters of each tile's name.
    private let tileNames: [String]
    private let gridCodes: [String]
    private let bands: [String]
    private var values: [UInt8] = []
    private var ranges: [Range<Int>] = []

    init(archive: Archive, capacity: Int) {
        self.archive = archive
        text = JSONText(capacity: capacity)
        values.reserveCapacity(2_048)
        tileNames = archive.world.tiles.map(\.paddedName)
        gridCodes = archive.world.tiles.map { "MGRS-\($0.name)" }
        bands = archive.world.tiles.map { String($0.band) }
        let extensions = JSONValue.array(Sentinel2Collection.extensions.map(JSONValue.string)).jsonText
        head = Array("{\"type\":\"Feature\",\"stac_version\":\"1.0.0\",\"stac_extensions\":\(extensions),".utf8)
        providers = Sentinel2Collection.providers.serialized()
    }

    mutating func append(_ datatake: Datatake, _ view: World.View, processing: Int) {
        let tile = archive.world.tiles[view.tile]
        var random = SplitMix64(seed: archive.seed, datatake.orbit, datatake.satellite, view.tile)
        let (footprint, missing) = view.swath.footprint(of: tile, &random)
        let scene = Scene(
            tile: tile, view: view, datatake: datatake, product: product(datatake, view, processing),
            footprint: footprint, missing: missing, days: Double(datatake.time) / 86_400_000_000)
        text.bytes.append(contentsOf: head)
        text.restart()
        text.text("id") { scene.product.append(.product, to: &$0) }
        text.string("collection", Sentinel2Collection.id)
        text.footprint(footprint)
        writeProperties(scene, &random)
        text.bytes.append(UInt8(ascii: ","))
        collectValues(scene)
        template.append(values: values, ranges: ranges, to: &text.bytes)
        text.bytes.append(UInt8(ascii: "}"))
        text.bytes.append(UInt8(ascii: "\n"))
    }

    private struct Scene {
        let tile: MGRSTile
        let view: World.View
        let datatake: Datatake
        let product: Sentinel2Product
        let footprint: Footprint
        /// Share of the tile without data.
        let missing: Double
        /// Since 1970-01-01.
        let days: Double
    }

    // MARK: Random values

    private static let collection1 = Timestamp("2022-12-06T00:00:00Z")!.microseconds
    private static let baseline510 = Timestamp("2023-12-13T00:00:00Z")!.microseconds
    private static let campaigns = ["2022-11-01T00:00:00Z", "2024-07-01T00:00:00Z", "2025-07-01T00:00:00Z"]
        .map { Timestamp($0)!.microseconds }

    /// The first processing is Collection 1: anew for what was older, within hours for the rest. The others are anew.
    private func product(_ datatake: Datatake, _ view: World.View, _ processing: Int) -> Sentinel2Product {
        let satellite = Timeline.satellites[datatake.satellite]
        var random = SplitMix64(seed: archive.seed, datatake.orbit, datatake.satellite, -1 - processing)
        let isTimely = processing == 0 && datatake.time >= Self.collection1
        let baseline =
            processing > 0
            ? 510 + processing : datatake.time >= Self.baseline510 ? 510 : isTimely ? 509 : 500
        let second =
            isTimely
            ? datatake.time / 1_000_000 + 14_400 + Int64(random.integer(below: 36_000))
            : Self.campaigns[processing] / 1_000_000 + Int64(random.integer(below: 300 * 86_400))
        return Sentinel2Product(
            satellite: satellite.letter, datatake: Timestamp(microseconds: datatake.time),
            sensed: Timeline.passes(satellite, datatake.orbit, latitude: view.latitude),
            generated: Timestamp(microseconds: second * 1_000_000), baseline: baseline,
            relativeOrbit: datatake.relativeOrbit, absoluteOrbit: datatake.orbit, tile: tileNames[view.tile])
    }

    private func classification(_ scene: Scene, _ random: inout SplitMix64) -> SceneClassification {
        // Half of the tiles share the weather of their surroundings.
        var weather = SplitMix64(
            seed: archive.seed, scene.datatake.orbit, scene.datatake.satellite, -100 - scene.view.band)
        let around = weather.unit() + random.uniform(-0.15, 0.15)
        let own = random.unit()
        let uniform = random.unit() < 0.5 ? own : around < 0 ? -around : min(around, 2 - around)
        var ground = SplitMix64(seed: archive.seed, scene.view.tile)
        let declination = SunPosition.declination(days: scene.days)
        let cold = max(0, min(1, (abs(scene.view.latitude - declination) - 55) / 25))
        let water = ground.unit()
        return SceneClassification(
            cloudCover: SceneClassification.cloudCover(uniform), cold: cold, waterShare: water * water * water,
            green: ground.unit() * (1 - 0.6 * cold), &random)
    }

    // MARK: Properties, in the alphabetical order of real Items

    private mutating func writeProperties(_ scene: Scene, _ random: inout SplitMix64) {
        let tile = scene.tile
        let product = scene.product
        let classes = classification(scene, &random)
        let sun = SunPosition(longitude: tile.longitude, latitude: tile.latitude, time: product.sensed)
        let centroid = scene.footprint.centroid
        let isWest = scene.view.swath.offset < 0
        let created = max(product.generated.microseconds, Self.firstCreated) + 3_600_000_000
        text.object("properties") { text in
            text.string("constellation", "sentinel-2")
            text.time(
                "created", Timestamp(microseconds: created + Int64(random.integer(below: 1_000_000_000_000))))
            text.time("datetime", product.datatake)
            text.decimal("eo:cloud_cover", classes.cloudCover, places: 6)
            text.string("grid:code", gridCodes[scene.view.tile])
            text.strings("instruments", ["msi"])
            text.string("mgrs:grid_square", tile.square)
            text.string("mgrs:latitude_band", bands[scene.view.tile])
            text.integer("mgrs:utm_zone", tile.zone.number)
            text.string("platform", Timeline.satellites[scene.datatake.satellite].platform)
            text.object("proj:centroid") { text in
                text.number("lat", centroid.latitude, places: 5)
                text.number("lon", centroid.longitude, places: 5)
            }
            text.integer("proj:epsg", tile.epsg)
            text.name("providers")
            text.raw(providers)
            text.decimal("s2:cloud_shadow_percentage", classes.cloudShadow, places: 6)
            text.decimal("s2:dark_features_percentage", classes.darkFeatures, places: 6)
            text.text("s2:datastrip_id") { product.append(.datastripID, to: &$0) }
            text.text("s2:datatake_id") { product.append(.datatakeID, to: &$0) }
            text.string("s2:datatake_type", "INS-NOBS")
            text.decimal("s2:degraded_msi_data_percentage", random.integer(below: 300), places: 4)
            text.time("s2:generation_time", product.generated)
            text.decimal("s2:high_proba_clouds_percentage", classes.highProbabilityClouds, places: 6)
            text.decimal("s2:medium_proba_clouds_percentage", classes.mediumProbabilityClouds, places: 6)
            text.number("s2:nodata_pixel_percentage", scene.missing * 100, places: 6)
            text.decimal("s2:not_vegetated_percentage", classes.notVegetated, places: 6)
            text.text("s2:processing_baseline") { bytes in
                appendPadded(product.baseline / 100, width: 2, to: &bytes)
                bytes.append(UInt8(ascii: "."))
                appendPadded(product.baseline % 100, width: 2, to: &bytes)
            }
            text.string("s2:product_type", "S2MSI2A")
            text.text("s2:product_uri") { bytes in
                product.append(.product, to: &bytes)
                bytes.append(contentsOf: ".SAFE".utf8)
            }
            text.number("s2:reflectance_conversion_factor", SunPosition.distanceFactor(days: scene.days), places: 14)
            text.decimal("s2:saturated_defective_pixel_percentage", 0, places: 1)
            text.decimal("s2:snow_ice_percentage", classes.snow, places: 6)
            text.decimal("s2:thin_cirrus_percentage", classes.thinCirrus, places: 6)
            text.text("s2:tile_id") { product.append(.tileID, to: &$0) }
            text.decimal("s2:unclassified_percentage", classes.unclassified, places: 6)
            text.decimal("s2:vegetation_percentage", classes.vegetation, places: 6)
            text.decimal("s2:water_percentage", classes.water, places: 6)
            text.string("sat:orbit_state", "descending")
            text.integer("sat:relative_orbit", product.relativeOrbit)
            text.text("terrabyte:stactools_id") { product.append(.stactools, to: &$0) }
            text.number("view:azimuth", (isWest ? 104 : 285) + random.uniform(-2, 2), places: 13)
            text.number("view:incidence_angle", 0.5 + abs(scene.view.swath.offset) / 13_800, places: 13)
            text.number("view:sun_azimuth", sun.azimuth, places: 11)
            text.number("view:sun_elevation", sun.elevation, places: 11)
        }
    }

    /// No Item was created before the Collection was.
    private static let firstCreated = Timestamp("2024-05-20T00:00:00Z")!.microseconds

    // MARK: Assets

    private mutating func collectValues(_ scene: Scene) {
        values.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        for slot in AssetTemplate.Slot.allCases {
            let start = values.count
            appendValue(slot, scene)
            ranges.append(start..<values.count)
        }
    }

    private static let root = Array("file:///dss/dsstbyfs01/pn56su/pn56su-dss-0008/Sentinel-2-Col-1/L2A/tiles/".utf8)

    private mutating func appendValue(_ slot: AssetTemplate.Slot, _ scene: Scene) {
        let tile = scene.tile
        let (west, south) = (Int(tile.west) * 10, Int(tile.falseSouth) * 10)
        let size = Int(MGRSTile.size) * 10
        switch slot {
        case .product: scene.product.append(.product, to: &values)
        case .folder: appendFolder(scene.product)
        case .granule:
            appendFolder(scene.product)
            values.append(contentsOf: "GRANULE/".utf8)
            scene.product.append(.granule, to: &values)
            values.append(UInt8(ascii: "/"))
        case .image: scene.product.append(.image, to: &values)
        case .datastrip: scene.product.append(.datastrip, to: &values)
        case .box:
            for (index, value) in [west, south, west + size, south + size].enumerated() {
                if index > 0 { values.append(UInt8(ascii: ",")) }
                appendDecimal(value, places: 1, to: &values)
            }
        case .west: appendDecimal(west, places: 1, to: &values)
        case .north: appendDecimal(south + size, places: 1, to: &values)
        }
    }

    private mutating func appendFolder(_ product: Sentinel2Product) {
        values.append(contentsOf: Self.root)
        product.append(.folder, to: &values)
        values.append(UInt8(ascii: "/"))
        product.append(.product, to: &values)
        values.append(contentsOf: ".SAFE/".utf8)
    }
}

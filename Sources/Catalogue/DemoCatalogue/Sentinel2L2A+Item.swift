import ItemSimulation
import Temporal

extension Sentinel2L2A {
    func writeItem(_ index: Int, to text: inout JSONText) {
        let scene = scenes[index]
        let tile = scene.tile
        var random = SplitMix64(
            seed: 0x5232, scene.orbit, tile.zone.number, Int(tile.west / 1_000), Int(tile.south / 1_000))
        let product = product(scene)
        let (footprint, missing) = scene.swath.footprint(of: tile, &random)
        let days = Double(scene.datatake.microseconds) / 86_400_000_000
        let classes = classification(scene, days: days, &random)
        let sun = SunPosition(longitude: tile.longitude, latitude: tile.latitude, time: scene.sensed)
        let name = product.text(.product)
        text.object { text in
            text.string("type", "Feature")
            text.string("stac_version", "1.0.0")
            text.strings("stac_extensions", Self.extensions)
            text.string("id", name)
            text.string("collection", id)
            text.footprint(footprint)
            text.object("properties") { text in
                text.time("datetime", scene.datatake)
                let created = product.generated.microseconds + 86_400_000_000 * Int64(100 + random.integer(below: 300))
                text.time("created", Timestamp(microseconds: created + Int64(random.integer(below: 1_000_000))))
                text.string("platform", scene.satellite.platform)
                text.string("constellation", "sentinel-2")
                text.strings("instruments", ["msi"])
                text.string("grid:code", "MGRS-\(tile.name)")
                text.integer("mgrs:utm_zone", tile.zone.number)
                text.string("mgrs:latitude_band", String(tile.band))
                text.string("mgrs:grid_square", tile.square)
                text.integer("proj:epsg", tile.epsg)
                text.object("proj:centroid") { text in
                    let centroid = footprint.centroid
                    text.number("lat", centroid.latitude, places: 5)
                    text.number("lon", centroid.longitude, places: 5)
                }
                text.decimal("eo:cloud_cover", classes.cloudCover, places: 6)
                let isWest = scene.swath.offset < 0
                text.number("view:azimuth", (isWest ? 104 : 285) + random.uniform(-2, 2), places: 9)
                text.number("view:incidence_angle", 0.5 + abs(scene.swath.offset) / 13_800, places: 9)
                text.number("view:sun_azimuth", sun.azimuth, places: 6)
                text.number("view:sun_elevation", sun.elevation, places: 6)
                text.string("sat:orbit_state", "descending")
                text.integer("sat:relative_orbit", product.relativeOrbit)
                writeProduct(product, name, &text)
                text.number("s2:nodata_pixel_percentage", missing * 100, places: 6)
                text.number("s2:degraded_msi_data_percentage", random.unit() * 0.03, places: 4)
                text.decimal("s2:snow_ice_percentage", classes.snow, places: 6)
                text.decimal("s2:water_percentage", classes.water, places: 6)
                text.decimal("s2:vegetation_percentage", classes.vegetation, places: 6)
                text.decimal("s2:not_vegetated_percentage", classes.notVegetated, places: 6)
                text.number("s2:reflectance_conversion_factor", SunPosition.distanceFactor(days: days), places: 9)
                text.string("terrabyte:stactools_id", product.text(.stactools))
            }
            writeLinks(to: &text)
            writeAssets(tile, product, name, &text)
        }
    }

    static let extensions = [
        "eo/v1.1.0", "sat/v1.0.0", "projection/v1.1.0", "mgrs/v1.0.0", "grid/v1.1.0", "view/v1.0.0",
        "sentinel-2/v1.0.0",
    ].map { "https://stac-extensions.github.io/\($0)/schema.json" }

    /// The whole archive of these years was made anew in 2022 and 2023, as Collection 1.
    private func product(_ scene: Scene) -> Sentinel2Product {
        var random = SplitMix64(seed: 0x5233, scene.orbit)
        let first = Timestamp("2022-11-01T00:00:00Z")!.microseconds
        let generated = first + Int64(random.integer(below: 300 * 86_400)) * 1_000_000
        return Sentinel2Product(
            satellite: scene.satellite.letter, datatake: scene.datatake, sensed: scene.sensed,
            generated: Timestamp(microseconds: generated), baseline: 500,
            relativeOrbit: scene.satellite.relativeOrbit(scene.orbit), absoluteOrbit: scene.orbit,
            tile: scene.tile.paddedName)
    }

    private func classification(_ scene: Scene, days: Double, _ random: inout SplitMix64) -> SceneClassification {
        // Weather is alike all along a pass; land and water are the tile's own.
        var weather = SplitMix64(seed: 0x5234, scene.orbit)
        let blended = weather.unit() + random.uniform(-0.25, 0.25)
        let reflected = blended < 0 ? -blended : min(blended, 2 - blended)
        var ground = SplitMix64(seed: 0x5235, scene.tile.zone.number, Int(scene.tile.west), Int(scene.tile.south))
        let isCoastal = scene.tile.latitude > 53.2
        let water = isCoastal ? ground.unit() * 0.7 : ground.unit() * 0.04
        let winter = max(0, -SunPosition.declination(days: days) / 23.44)
        return SceneClassification(
            cloudCover: SceneClassification.cloudCover(reflected), cold: winter * 0.6, waterShare: water,
            green: 0.25 + 0.5 * ground.unit() * (1 - 0.7 * winter), &random)
    }

    private func writeProduct(_ product: Sentinel2Product, _ name: String, _ text: inout JSONText) {
        text.string("s2:product_uri", name + ".SAFE")
        text.string("s2:product_type", "S2MSI2A")
        text.string("s2:processing_baseline", "05.00")
        text.string("s2:datatake_type", "INS-NOBS")
        text.string("s2:datatake_id", product.text(.datatakeID))
        text.string("s2:datastrip_id", product.text(.datastripID))
        text.string("s2:tile_id", product.text(.tileID))
        text.time("s2:generation_time", product.generated)
    }

    static let bands = Sentinel2Band.spectral.filter { ["B02", "B03", "B04", "B08"].contains($0.key) }

    private func writeAssets(
        _ tile: MGRSTile, _ product: Sentinel2Product, _ name: String, _ text: inout JSONText
    ) {
        let root = "file:///dss/dsstbyfs01/pn56su/pn56su-dss-0008/Sentinel-2-Col-1/L2A/tiles/"
        let folder = "\(root)\(product.text(.folder))/\(name).SAFE"
        let granule = "\(folder)/GRANULE/\(product.text(.granule))"
        let image = product.text(.image)
        text.object("assets") { text in
            for band in Self.bands + [.classification] {
                text.name(band.key)
                text.object { text in
                    let size = band.resolution
                    text.string("href", "\(granule)/IMG_DATA/R\(size)m/\(image)_\(band.key)_\(size)m.jp2")
                    text.string("type", "image/jp2")
                    text.strings("roles", ["data"])
                    text.integer("gsd", size)
                    text.array("proj:transform") { text in
                        for value in [size, 0, Int(tile.west), 0, -size, Int(tile.falseSouth + MGRSTile.size)] {
                            text.decimal(value, places: 0)
                        }
                    }
                    text.array("proj:shape") { text in
                        for _ in 0..<2 { text.decimal(band.pixels, places: 0) }
                    }
                    guard let commonName = band.commonName else { return }
                    // Clients such as odc-stac find bands by these names.
                    text.array("eo:bands") { text in
                        text.object { text in
                            text.string("name", band.key)
                            text.string("common_name", commonName)
                            text.number("center_wavelength", band.centerWavelength, places: 3)
                            text.number("full_width_half_max", band.fullWidthHalfMax, places: 3)
                        }
                    }
                }
            }
            text.object("preview") { text in
                text.string("href", "\(granule)/QI_DATA/\(image)_PVI.jp2")
                text.string("type", "image/jp2")
                text.strings("roles", ["thumbnail"])
            }
            text.object("safe_manifest") { text in
                text.string("href", "\(folder)/manifest.safe")
                text.string("type", "application/xml")
                text.strings("roles", ["metadata"])
            }
        }
    }
}

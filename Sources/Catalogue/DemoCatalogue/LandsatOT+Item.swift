import ItemSimulation
import Temporal

extension LandsatOT {
    func writeItem(_ index: Int, to text: inout JSONText) {
        let scene = scenes[index]
        var random = SplitMix64(seed: 0x4c32, Int(scene.time.microseconds), scene.row)
        let (path, row) = ("\(scene.path)", "0\(scene.row)")
        let date = scene.time.text(.compactDate)
        let processed = Timestamp(
            microseconds: scene.time.microseconds + Int64(12 + random.integer(below: 20)) * 86_400_000_000)
        let isPrecise = random.unit() < 0.9
        let stem = "LC0\(scene.satellite.letter)_L2SP_\(path)\(row)_\(date)"
        let tier = isPrecise ? "T1" : "T2"
        let name = "\(stem)_\(processed.text(.compactDate))_02_\(tier)"
        let footprint = footprint(scene, &random)
        let grid = Grid(of: footprint, zone: UTMZone(longitude: scene.longitude))
        let sun = SunPosition(longitude: scene.longitude, latitude: scene.latitude, time: scene.time)
        let cloudCover = (SceneClassification.cloudCover(random.unit()) * 10_000).rounded()
        text.object { text in
            text.string("type", "Feature")
            text.string("stac_version", "1.1.0")
            text.strings("stac_extensions", Self.extensions)
            text.string("id", name)
            text.string("collection", id)
            text.footprint(footprint)
            text.object("properties") { text in
                text.time("datetime", scene.time)
                let created = processed.microseconds + Int64(1 + random.integer(below: 86_400)) * 1_000_000
                text.time("created", Timestamp(microseconds: created))
                text.string("platform", scene.satellite.platform)
                text.strings("instruments", ["oli", "tirs"])
                text.integer("gsd", 30)
                text.decimal("eo:cloud_cover", Int(cloudCover), places: 2)
                text.integer("view:off_nadir", 0)
                text.number("view:sun_elevation", sun.elevation, places: 6)
                text.number("view:sun_azimuth", sun.azimuth, places: 6)
                text.string("proj:code", "EPSG:\(32_600 + grid.zone.number)")
                text.array("proj:shape") { text in
                    for size in [grid.height, grid.width] { text.decimal(size, places: 0) }
                }
                text.array("proj:transform") { text in
                    for value in [30, 0, grid.west, 0, -30, grid.north] { text.decimal(value, places: 0) }
                }
                text.string("landsat:wrs_type", "2")
                text.string("landsat:wrs_path", path)
                text.string("landsat:wrs_row", row)
                text.string("landsat:collection_category", tier)
                text.string("landsat:collection_number", "02")
                text.string("landsat:correction", "L2SP")
                text.string("landsat:scene_id", sceneID(scene, path, row))
                let overLand = min(10_000, cloudCover * random.uniform(0.95, 1.1))
                text.decimal("landsat:cloud_cover_land", Int(overLand), places: 2)
                text.string("sci:doi", "10.5066/P9OGBGM6")
                text.string("terrabyte:stactools_id", "\(stem)_02_\(tier)")
            }
            writeLinks(to: &text) { text in
                text.object { text in
                    text.string("rel", "cite-as")
                    text.string("href", "https://doi.org/10.5066/P9OGBGM6")
                }
            }
            let year = scene.time.components.year
            let root = "file:///dss/dsstbyfs01/pn56su/pn56su-dss-0008/Landsat/collection-2/level-2/standard/oli-tirs"
            writeAssets("\(root)/\(year)/\(path)/\(row)/\(name)/\(name)", &text)
        }
    }

    static let extensions = [
        "eo/v1.1.0", "raster/v2.0.0", "projection/v2.0.0", "view/v1.0.0", "landsat/v2.0.0", "scientific/v1.0.0",
    ].map { "https://stac-extensions.github.io/\($0)/schema.json" }

    /// Sensor, satellite, path, row, year and day of the year: `LC81930262020092LGN00`.
    private func sceneID(_ scene: Scene, _ path: String, _ row: String) -> String {
        let year = scene.time.components.year
        let newYear = Timestamp(year: year, month: 1, day: 1)!
        let day = (scene.time.microseconds - newYear.microseconds) / 86_400_000_000 + 1
        let padding = String(repeating: "0", count: 3 - String(day).count)
        return "LC\(scene.satellite.letter)\(path)\(row)\(year)\(padding)\(day)LGN00"
    }

    struct Band: Sendable {
        let key, file, title: String
        /// STAC's `common_name`; `nil` for images that are no spectral band.
        let commonName: String?
        let scale, offset: Double
    }

    static let bands = [
        Band(key: "B02", file: "SR_B2", title: "Blue", commonName: "blue", scale: 2.75e-05, offset: -0.2),
        Band(key: "B03", file: "SR_B3", title: "Green", commonName: "green", scale: 2.75e-05, offset: -0.2),
        Band(key: "B04", file: "SR_B4", title: "Red", commonName: "red", scale: 2.75e-05, offset: -0.2),
        Band(key: "B05", file: "SR_B5", title: "Near infrared", commonName: "nir08", scale: 2.75e-05, offset: -0.2),
        Band(
            key: "B06", file: "SR_B6", title: "Short-wave infrared", commonName: "swir16", scale: 2.75e-05, offset: -0.2
        ),
        Band(
            key: "B10", file: "ST_B10", title: "Surface temperature", commonName: "lwir11", scale: 0.00341802,
            offset: 149),
        Band(key: "QA_Pixel", file: "QA_PIXEL", title: "Pixel quality", commonName: nil, scale: 1, offset: 0),
    ]

    static let geoTIFF = "image/tiff; application=geotiff; profile=cloud-optimized"

    private func writeAssets(_ path: String, _ text: inout JSONText) {
        text.object("assets") { text in
            for band in Self.bands {
                text.name(band.key)
                text.object { text in
                    text.string("href", "\(path)_\(band.file).TIF")
                    text.string("type", Self.geoTIFF)
                    text.strings("roles", band.commonName == nil ? ["cloud", "snow-ice"] : ["data"])
                    guard let commonName = band.commonName else { return }
                    text.number("raster:scale", band.scale, places: 8)
                    text.number("raster:offset", band.offset, places: 1)
                    text.array("bands") { text in
                        text.object { text in
                            text.string("name", band.key)
                            text.string("eo:common_name", commonName)
                        }
                    }
                    // The names that clients such as odc-stac look for.
                    text.array("eo:bands") { text in
                        text.object { text in
                            text.string("name", band.key)
                            text.string("common_name", commonName)
                        }
                    }
                }
            }
            text.object("mtl.json") { text in
                text.string("href", "\(path)_MTL.json")
                text.string("type", "application/json")
                text.strings("roles", ["metadata"])
            }
            text.object("thumbnail") { text in
                text.string("href", "\(path)_thumb_small.jpeg")
                text.string("type", "image/jpeg")
                text.strings("roles", ["thumbnail"])
            }
        }
    }

    /// The pixels of 30 m that hold a footprint.
    private struct Grid {
        let zone: UTMZone
        let west, north, width, height: Int

        init(of footprint: Footprint, zone: UTMZone) {
            self.zone = zone
            let points = footprint.corners.map {
                zone.grid(longitude: Double($0.longitude) / 1e6, latitude: Double($0.latitude) / 1e6)
            }
            // Landsat's grids begin at odd multiples of 15 m.
            func snapped(_ metres: Double) -> Int { Int((metres / 30).rounded()) * 30 - 15 }
            west = snapped(points.map(\.easting).min() ?? 0)
            north = snapped(points.map(\.northing).max() ?? 0)
            width = (snapped(points.map(\.easting).max() ?? 0) - west) / 30 + 1
            height = (north - snapped(points.map(\.northing).min() ?? 0)) / 30 + 1
        }
    }
}

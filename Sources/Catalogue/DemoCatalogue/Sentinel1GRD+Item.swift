import ItemSimulation
import Temporal

extension Sentinel1GRD {
    func writeItem(_ index: Int, to text: inout JSONText) {
        let scene = scenes[index]
        var random = SplitMix64(seed: 0x5134, scene.orbit, Int(scene.start.microseconds))
        let isDual = scene.mode == .stripmap || random.unit() < 0.93
        let beam = scene.mode == .stripmap ? "S\(1 + scene.orbit % 6)" : "IW"
        let datatake = hexadecimal(datatakeNumber(scene), width: 6)
        let start = scene.start.text(.compact)
        let end = scene.end.text(.compact)
        let orbit = String(scene.orbit)
        let paddedOrbit = String(repeating: "0", count: max(0, 6 - orbit.count)) + orbit
        let platform = "S1\(scene.satellite.letter)"
        let stem = "\(platform)_\(beam)_GRDH_1S\(isDual ? "DV" : "SV")_\(start)_\(end)_\(paddedOrbit)_\(datatake)"
        let name = "\(stem)_\(hexadecimal(random.integer(below: 65_536), width: 4))"
        text.object { text in
            text.string("type", "Feature")
            text.string("stac_version", "1.0.0")
            text.strings("stac_extensions", Self.extensions)
            text.string("id", name)
            text.string("collection", id)
            text.footprint(footprint(scene))
            text.object("properties") { text in
                text.null("datetime")
                text.time("start_datetime", scene.start)
                text.time("end_datetime", scene.end)
                let hours = 3 + random.integer(below: 21)
                let created = scene.end.microseconds + Int64(hours) * 3_600_000_000
                text.time("created", Timestamp(microseconds: created / 1_000_000 * 1_000_000))
                text.string("platform", scene.satellite.platform)
                text.string("constellation", "sentinel-1")
                text.strings("instruments", ["c-sar"])
                writeRadar(scene, isDual, &text)
                text.string("sat:orbit_state", scene.isAscending ? "ascending" : "descending")
                text.integer("sat:absolute_orbit", scene.orbit)
                text.integer("sat:relative_orbit", scene.satellite.relativeOrbit(scene.orbit))
                text.string(
                    "sat:platform_international_designator", scene.satellite.letter == "A" ? "2014-016A" : "2016-025A")
                text.string("s1:datatake", datatake)
                text.string("s1:slice_number", String(scene.slice))
                text.string("s1:total_slices", String(scene.sliceCount))
                text.string("s1:orbit_source", hours < 12 ? "PREORB" : "RESORB")
                text.string("terrabyte:stactools_id", stem)
            }
            writeLinks(to: &text)
            let day = scene.start.components
            let path = "\(day.year)/\(day.month < 10 ? "0" : "")\(day.month)/\(day.day < 10 ? "0" : "")\(day.day)"
            let folder = "file:///dss/dsstbyfs03/pn56su/pn56su-dss-0022/Sentinel-1/GRD/\(beam)/\(path)/\(name).SAFE"
            let image = "\(platform)-\(beam)-grd-%-\(start)-\(end)-\(paddedOrbit)-\(datatake)".lowercased()
            writeAssets(folder, image, isDual ? ["vv", "vh"] : ["vv"], &text)
        }
    }

    static let extensions = [
        "https://stac-extensions.github.io/sar/v1.0.0/schema.json",
        "https://stac-extensions.github.io/sat/v1.0.0/schema.json",
    ]

    /// Datatakes are numbered through over a satellite's life, some 8.5 to an orbit.
    private func datatakeNumber(_ scene: Scene) -> Int {
        let (orbit, number) = scene.satellite.letter == "A" ? (39_156, 302_867) : (28_085, 219_590)
        let direction = scene.isAscending ? 0 : 3
        return number + (scene.orbit - orbit) * 17 / 2 + direction + (scene.mode == .stripmap ? 1 : 0)
    }

    private func writeRadar(_ scene: Scene, _ isDual: Bool, _ text: inout JSONText) {
        let isWide = scene.mode == .interferometricWide
        text.string("sar:instrument_mode", scene.mode.rawValue)
        text.string("sar:product_type", "GRD")
        text.string("sar:frequency_band", "C")
        text.decimal("sar:center_frequency", 5_405, places: 3)
        text.strings("sar:polarizations", isDual ? ["VV", "VH"] : ["VV"])
        text.string("sar:observation_direction", "right")
        text.integer("sar:resolution_range", isWide ? 20 : 23)
        text.integer("sar:resolution_azimuth", isWide ? 22 : 23)
        text.integer("sar:pixel_spacing_range", 10)
        text.integer("sar:pixel_spacing_azimuth", 10)
        text.integer("sar:looks_range", isWide ? 5 : 6)
        text.integer("sar:looks_azimuth", isWide ? 1 : 6)
        text.decimal("sar:looks_equivalent_number", isWide ? 44 : 297, places: 1)
    }

    private func writeAssets(_ folder: String, _ image: String, _ polarizations: [String], _ text: inout JSONText) {
        text.object("assets") { text in
            text.object("folder") { text in
                text.string("href", folder)
                text.string("title", "Product folder")
                text.strings("roles", ["archive"])
            }
            for (number, polarization) in polarizations.enumerated() {
                let file = image.split(separator: "%").joined(separator: polarization) + "-00\(number + 1)"
                text.name(polarization)
                text.object { text in
                    text.string("href", "\(folder)/measurement/\(file).tiff")
                    text.string("type", "image/tiff; application=geotiff")
                    text.string("title", "\(polarization.uppercased()) data")
                    text.strings("sar:polarizations", [polarization.uppercased()])
                    text.strings("roles", ["data"])
                }
                text.name("schema-product-\(polarization)")
                text.object { text in
                    text.string("href", "\(folder)/annotation/\(file).xml")
                    text.string("type", "application/xml")
                    text.strings("roles", ["metadata"])
                }
            }
            text.object("safe-manifest") { text in
                text.string("href", "\(folder)/manifest.safe")
                text.string("type", "application/xml")
                text.strings("roles", ["metadata"])
            }
            text.object("thumbnail") { text in
                text.string("href", "\(folder)/preview/quick-look.png")
                text.string("type", "image/png")
                text.strings("roles", ["thumbnail"])
            }
        }
    }
}

/// At least so many upper-case digits.
private func hexadecimal(_ value: Int, width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

import ItemSimulation
public import JSON
import Temporal

/// The Collection that the Items belong to.
public enum Sentinel2Collection {
    public static let id = "sentinel-2-c1-l2a"

    static let extensions = [
        "eo/v1.1.0", "raster/v1.1.0", "sat/v1.0.0", "projection/v1.1.0", "mgrs/v1.0.0", "grid/v1.1.0", "view/v1.0.0",
        "sentinel-2/v1.0.0",
    ].map { "https://stac-extensions.github.io/\($0)/schema.json" }

    static let providers: JSONValue = [
        [
            "name": "ESA", "roles": ["producer", "processor", "licensor"],
            "url": "https://earth.esa.int/web/guest/home",
        ]
    ]

    /// The image assets in the order of real Items.
    static let images: [Sentinel2Band] =
        [.aerosol] + Sentinel2Band.spectral + [.classification, .trueColor, .waterVapour]

    /// The metadata of an image asset, apart from its location.
    static func metadata(_ band: Sentinel2Band) -> JSONObject {
        var asset: JSONObject = [
            "gsd": JSONValue(band.resolution), "type": "image/jp2",
            "roles": band.key == "TCI" ? ["visual"] : ["data", "reflectance"],
            "title": .string(band.commonName == nil ? band.title : "\(band.title) - \(band.resolution)m"),
        ]
        let size = JSONValue(band.resolution)
        switch band.key {
        case "AOT", "WVP":
            asset["raster:bands"] = [
                ["scale": 0.001, "nodata": 0, "offset": 0, "data_type": "uint16", "spatial_resolution": size]
            ]
        case "SCL":
            asset["raster:bands"] = [["nodata": 0, "data_type": "uint8", "spatial_resolution": size]]
        case "TCI":
            let visible = ["B04", "B03", "B02"].compactMap { key in Sentinel2Band.spectral.first { $0.key == key } }
            asset["eo:bands"] = .array(visible.map { spectral($0, name: "\($0.key)_10m") })
            let raster: JSONValue = ["nodata": 0, "data_type": "uint8", "spatial_resolution": size]
            asset["raster:bands"] = .array(visible.map { _ in raster })
        default:
            asset["eo:bands"] = [spectral(band, name: band.key)]
            asset["raster:bands"] = [
                ["scale": 0.0001, "nodata": 0, "offset": -0.1, "data_type": "uint16", "spatial_resolution": size]
            ]
        }
        return asset
    }

    private static func spectral(_ band: Sentinel2Band, name: String) -> JSONValue {
        [
            "name": .string(name), "common_name": .string(band.commonName ?? name),
            "description": .string(band.title), "center_wavelength": JSONValue(band.centerWavelength),
            "full_width_half_max": JSONValue(band.fullWidthHalfMax),
        ]
    }

    public static var document: JSONValue {
        var assets = JSONObject()
        for band in images { assets[band.key] = .object(metadata(band)) }
        assets["preview"] = ["type": "image/jp2", "roles": ["thumbnail"]]
        let files = [
            "safe_manifest", "granule_metadata", "inspire_metadata", "product_metadata", "datastrip_metadata",
        ]
        for file in files { assets[file] = ["type": "application/xml", "roles": ["metadata"]] }
        return [
            "type": "Collection",
            "stac_version": "1.0.0",
            "stac_extensions": .array(
                (["item-assets/v1.0.0", "eo/v1.1.0", "raster/v1.1.0"]).map {
                    .string("https://stac-extensions.github.io/\($0)/schema.json")
                }),
            "id": .string(id),
            "title": "Sentinel-2 Collection 1 Level-2A (generated)",
            "description": "Synthetic Items for benchmarks, in the manner of Sentinel-2 Level-2A products.",
            "keywords": ["sentinel", "copernicus", "esa", "msi", "benchmark"],
            "license": "CC0-1.0",
            "providers": providers,
            "extent": [
                "spatial": ["bbox": [[-180, -57, 180, 81]]],
                "temporal": [
                    "interval": [
                        [
                            .string(Timeline.period.lowerBound.description),
                            .string(Timeline.period.upperBound.description),
                        ]
                    ]
                ],
            ],
            "links": [],
            "summaries": [
                "platform": ["sentinel-2a", "sentinel-2b"],
                "constellation": ["sentinel-2"],
                "instruments": ["msi"],
                "gsd": [10, 20, 60],
                "eo:cloud_cover": ["minimum": 0, "maximum": 100],
                "sat:orbit_state": ["descending"],
                "sat:relative_orbit": ["minimum": 1, "maximum": 143],
            ],
            "item_assets": .object(assets),
        ]
    }
}

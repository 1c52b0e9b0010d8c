import ItemSimulation
import JSON

extension Sentinel2L2A {
    var document: JSONValue {
        var assets = JSONObject()
        for band in Self.bands { assets[band.key] = Self.asset(band) }
        assets["SCL"] = [
            "title": .string(Sentinel2Band.classification.title), "type": "image/jp2", "roles": ["data"],
            "raster:bands": [["nodata": 0, "data_type": "uint8", "spatial_resolution": 20]],
        ]
        assets["preview"] = ["title": "Preview", "type": "image/jp2", "roles": ["thumbnail"]]
        assets["safe_manifest"] = ["title": "Manifest", "type": "application/xml", "roles": ["metadata"]]
        return collectionDocument(
            id: id, version: "1.0.0",
            extensions: ["eo/v1.1.0", "raster/v1.1.0", "item-assets/v1.0.0"].map {
                "https://stac-extensions.github.io/\($0)/schema.json"
            },
            title: "Sentinel-2 Collection 1 Level-2A (demo)",
            description: """
                Synthetic Items in the manner of Sentinel-2 Level-2A products of Collection 1: tiles of Central Europe in \
                2020 and 2021. The files do not exist.
                """,
            license: "CC0-1.0",
            keywords: ["sentinel", "copernicus", "esa", "msi", "surface reflectance", "demo"],
            providers: Sentinel1GRD.copernicus,
            bboxes: [[3.8, 45.6, 17.2, 56.4]],
            summaries: [
                "platform": ["sentinel-2a", "sentinel-2b"],
                "constellation": ["sentinel-2"],
                "instruments": ["msi"],
                "gsd": [10, 20],
                "eo:cloud_cover": ["minimum": 0, "maximum": 100],
                "proj:epsg": [32631, 32632, 32633],
                "sat:orbit_state": ["descending"],
                "sat:relative_orbit": ["minimum": 1, "maximum": 143],
                "s2:processing_baseline": ["05.00"],
            ],
            itemAssets: .object(assets))
    }

    private static func asset(_ band: Sentinel2Band) -> JSONValue {
        [
            "title": .string(band.title), "type": "image/jp2", "roles": ["data"], "gsd": JSONValue(band.resolution),
            "eo:bands": [
                [
                    "name": .string(band.key), "common_name": .string(band.commonName ?? band.key),
                    "center_wavelength": JSONValue(band.centerWavelength),
                    "full_width_half_max": JSONValue(band.fullWidthHalfMax),
                ]
            ],
            "raster:bands": [
                [
                    "nodata": 0, "data_type": "uint16", "scale": 0.0001, "offset": -0.1,
                    "spatial_resolution": JSONValue(band.resolution),
                ]
            ],
        ]
    }
}

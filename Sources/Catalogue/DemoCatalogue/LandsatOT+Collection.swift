import JSON

extension LandsatOT {
    var document: JSONValue {
        var assets = JSONObject()
        for band in Self.bands { assets[band.key] = Self.asset(band) }
        assets["mtl.json"] = ["title": "Product metadata", "type": "application/json", "roles": ["metadata"]]
        assets["thumbnail"] = ["title": "Thumbnail", "type": "image/jpeg", "roles": ["thumbnail"]]
        return collectionDocument(
            id: id, version: "1.1.0",
            extensions: ["eo/v1.1.0", "raster/v2.0.0", "scientific/v1.0.0"].map {
                "https://stac-extensions.github.io/\($0)/schema.json"
            },
            title: "Landsat 8 and 9, Collection 2 Level-2 (demo)",
            description: """
                Synthetic Items in the manner of Landsat Collection 2 Level-2 science products of OLI and TIRS: Central \
                Europe in 2020 and 2021. The files do not exist.
                """,
            license: "CC0-1.0",
            keywords: ["landsat", "usgs", "nasa", "surface reflectance", "surface temperature", "demo"],
            providers: [
                ["name": "NASA", "roles": ["producer", "licensor"], "url": "https://landsat.gsfc.nasa.gov/"],
                [
                    "name": "USGS", "roles": ["producer", "processor", "licensor"],
                    "url": "https://www.usgs.gov/landsat-missions/landsat-collection-2-level-2-science-products",
                ],
            ],
            bboxes: [[3.3, 45.3, 17.7, 56.7]],
            links: [
                [
                    "rel": "cite-as", "href": "https://doi.org/10.5066/P9OGBGM6",
                    "title": "Landsat 8-9 OLI/TIRS Collection 2 Level-2",
                ]
            ],
            summaries: [
                "platform": ["landsat-8", "landsat-9"],
                "instruments": ["oli", "tirs"],
                "gsd": [30],
                "eo:cloud_cover": ["minimum": 0, "maximum": 100],
                "landsat:collection_category": ["T1", "T2"],
                "landsat:correction": ["L2SP"],
                "sci:doi": ["10.5066/P9OGBGM6"],
            ],
            itemAssets: .object(assets))
    }

    private static func asset(_ band: Band) -> JSONValue {
        guard let commonName = band.commonName else {
            return ["title": .string(band.title), "type": .string(geoTIFF), "roles": ["cloud", "snow-ice"]]
        }
        return [
            "title": .string(band.title), "type": .string(geoTIFF), "roles": ["data"], "data_type": "uint16",
            "nodata": 0, "raster:scale": JSONValue(band.scale), "raster:offset": JSONValue(band.offset),
            "bands": [["name": .string(band.key), "eo:common_name": .string(commonName)]],
        ]
    }
}

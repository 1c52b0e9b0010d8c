import JSON

extension Sentinel1GRD {
    var document: JSONValue {
        let boxes = Self.campaigns.map(\.campaign)
        // Footprints reach beyond the box that holds their centres.
        let margin = 3.0
        func bbox(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> JSONValue {
            [JSONValue(west - margin), JSONValue(south - margin), JSONValue(east + margin), JSONValue(north + margin)]
        }
        let whole = bbox(
            boxes.map(\.west).min()!, boxes.map(\.south).min()!, boxes.map(\.east).max()!, boxes.map(\.north).max()!)
        let parts = boxes.map { bbox($0.west, $0.south, $0.east, $0.north) }
        return collectionDocument(
            id: id, version: "1.0.0",
            extensions: Self.extensions + ["https://stac-extensions.github.io/item-assets/v1.0.0/schema.json"],
            title: "Sentinel-1 GRD (demo)",
            description: """
                Synthetic Items in the manner of Sentinel-1 Level-1 Ground Range Detected products: Central Europe in 2020 \
                and 2021, and one evening over Portugal and Iceland. The files do not exist.
                """,
            license: "CC0-1.0",
            keywords: ["sentinel", "copernicus", "esa", "sar", "grd", "c-band", "demo"],
            providers: Self.copernicus,
            bboxes: [whole] + parts,
            summaries: [
                "platform": ["sentinel-1a", "sentinel-1b"],
                "constellation": ["sentinel-1"],
                "instruments": ["c-sar"],
                "sar:instrument_mode": ["IW", "SM"],
                "sar:product_type": ["GRD"],
                "sar:frequency_band": ["C"],
                "sar:center_frequency": [5.405],
                "sar:polarizations": [["VV"], ["VV", "VH"]],
                "sat:orbit_state": ["ascending", "descending"],
                "sat:relative_orbit": ["minimum": 1, "maximum": 175],
            ],
            itemAssets: [
                "folder": ["title": "Product folder", "roles": ["archive"]],
                "vv": Self.image("VV"), "schema-product-vv": Self.annotation("VV"),
                "vh": Self.image("VH"), "schema-product-vh": Self.annotation("VH"),
                "safe-manifest": ["title": "Manifest", "type": "application/xml", "roles": ["metadata"]],
                "thumbnail": ["title": "Quick look", "type": "image/png", "roles": ["thumbnail"]],
            ])
    }

    private static func image(_ polarization: String) -> JSONValue {
        [
            "title": .string("\(polarization) data"), "type": "image/tiff; application=geotiff",
            "description": "Amplitude of the detected signal, 16-bit digital numbers", "roles": ["data"],
        ]
    }

    private static func annotation(_ polarization: String) -> JSONValue {
        ["title": .string("\(polarization) annotation"), "type": "application/xml", "roles": ["metadata"]]
    }

    static let copernicus: JSONValue = [
        ["name": "ESA", "roles": ["producer", "processor", "licensor"], "url": "https://earth.esa.int/eogateway"]
    ]
}

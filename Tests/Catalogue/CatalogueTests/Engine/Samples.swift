import JSON

/// Documents as small as STAC allows.
enum Samples {
    static func collection(_ id: String, extra: String = "") -> [UInt8] {
        Array(
            """
            {"type": "Collection", "stac_version": "1.0.0", "id": "\(id)", "description": "A sample", \
            "license": "CC-BY-4.0", "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, \
            "temporal": {"interval": [["2020-01-01T00:00:00Z", null]]}}, \(extra)"links": []}
            """.utf8)
    }

    /// One line of NDJSON without its end. A point at latitude 48, at noon of a day of January 2024.
    ///
    /// - Parameter extra: More members of `properties`, each with a comma before it.
    static func item(
        _ id: String, day: Int = 1, longitude: Double = 11, cloud: Double = 10, extra: String = ""
    ) -> String {
        let day = day < 10 ? "0\(day)" : "\(day)"
        return """
            {"type":"Feature","stac_version":"1.0.0","id":"\(id)","geometry":{"type":"Point",\
            "coordinates":[\(longitude),48]},"bbox":[\(longitude),48,\(longitude),48],\
            "properties":{"datetime":"2024-01-\(day)T12:00:00Z","eo:cloud_cover":\(cloud)\(extra)},"links":[],\
            "assets":{}}
            """
    }

    static func bytes(
        _ id: String, day: Int = 1, longitude: Double = 11, cloud: Double = 10, extra: String = ""
    ) -> [UInt8] {
        Array(item(id, day: day, longitude: longitude, cloud: cloud, extra: extra).utf8)
    }

    static func items(_ ids: some Sequence<Int>, prefix: String = "item-", extra: String = "") -> [String] {
        ids.map {
            item("\(prefix)\($0)", day: $0 % 28 + 1, longitude: Double($0 % 90), cloud: Double($0 % 100), extra: extra)
        }
    }
}

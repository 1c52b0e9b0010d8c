import JSON

/// The meaning of a well-known extension's property, for users who write filters.
///
/// Sources: [STAC common metadata](https://github.com/radiantearth/stac-spec/blob/v1.1.0/commons/common-metadata.md),
/// [STAC extensions](https://stac-extensions.github.io).
struct KnownProperty: Sendable {
    let title: String
    var description: String?
    /// [UCUM](https://ucum.org/ucum).
    var unit: String?

    init(_ title: String, unit: String? = nil, _ description: String? = nil) {
        self.title = title
        self.unit = unit
        self.description = description
    }

    /// Adds the property's members of JSON Schema.
    ///
    /// Source: [OGC API - Features, part 5, x-ogc-unit](https://docs.ogc.org/DRAFTS/23-058r1.html).
    func describe(_ schema: inout JSONObject) {
        schema["title"] = .string(title)
        if let description { schema["description"] = .string(description) }
        if let unit { schema["x-ogc-unit"] = .string(unit) }
    }

    static let all: [String: KnownProperty] = common.merging(extensions) { $1 }

    private static let common: [String: KnownProperty] = [
        "datetime": KnownProperty("Acquired", "Null where there is an interval instead"),
        "start_datetime": KnownProperty("Start of acquisition"),
        "end_datetime": KnownProperty("End of acquisition"),
        "created": KnownProperty("Created", "When the Item's metadata was made"),
        "updated": KnownProperty("Updated", "When the Item's metadata was changed last"),
        "published": KnownProperty("Published"), "expires": KnownProperty("Expires"),
        "deprecated": KnownProperty("Deprecated", "Whether something newer should be used instead"),
        "title": KnownProperty("Title"), "license": KnownProperty("License"),
        "platform": KnownProperty("Platform", "The satellite or aircraft"),
        "constellation": KnownProperty("Constellation", "The group that the platform is part of"),
        "mission": KnownProperty("Mission"), "instruments": KnownProperty("Instruments"),
        "gsd": KnownProperty("Ground sample distance", unit: "m", "Of the best bands, at the sensor"),
        "version": KnownProperty("Version"),
    ]

    private static let extensions: [String: KnownProperty] = [
        "eo:cloud_cover": KnownProperty("Cloud cover", unit: "%"),
        "eo:snow_cover": KnownProperty("Snow and ice cover", unit: "%"),
        "view:off_nadir": KnownProperty("Off-nadir angle", unit: "deg", "Between straight down and the line of sight"),
        "view:incidence_angle": KnownProperty(
            "Incidence angle", unit: "deg", "Between the vertical at the ground and the line of sight"),
        "view:azimuth": KnownProperty("Viewing azimuth", unit: "deg", "Clockwise from north"),
        "view:sun_azimuth": KnownProperty("Sun azimuth", unit: "deg", "Clockwise from north"),
        "view:sun_elevation": KnownProperty("Sun elevation", unit: "deg", "Above the horizon; negative at night"),
        "view:moon_azimuth": KnownProperty("Moon azimuth", unit: "deg", "Clockwise from north"),
        "view:moon_elevation": KnownProperty("Moon elevation", unit: "deg", "Above the horizon"),
        "sat:orbit_state": KnownProperty("Orbit state", "Ascending when it flies north"),
        "sat:relative_orbit": KnownProperty("Relative orbit", "Of the orbits of a repeat cycle"),
        "sat:absolute_orbit": KnownProperty("Absolute orbit", "Orbits since launch"),
        "sat:platform_international_designator": KnownProperty("International designator of the platform"),
        "sat:anx_datetime": KnownProperty("Ascending node crossing"),
        "sar:instrument_mode": KnownProperty("Instrument mode"),
        "sar:frequency_band": KnownProperty("Frequency band"),
        "sar:center_frequency": KnownProperty("Centre frequency", unit: "GHz"),
        "sar:polarizations": KnownProperty("Polarizations"), "sar:product_type": KnownProperty("SAR product type"),
        "sar:resolution_range": KnownProperty("Resolution in range", unit: "m"),
        "sar:resolution_azimuth": KnownProperty("Resolution in azimuth", unit: "m"),
        "sar:pixel_spacing_range": KnownProperty("Pixel spacing in range", unit: "m"),
        "sar:pixel_spacing_azimuth": KnownProperty("Pixel spacing in azimuth", unit: "m"),
        "sar:looks_range": KnownProperty("Looks in range"), "sar:looks_azimuth": KnownProperty("Looks in azimuth"),
        "sar:looks_equivalent_number": KnownProperty("Equivalent number of looks"),
        "sar:observation_direction": KnownProperty("Observation direction", "To the left or right of the flight"),
        "proj:epsg": KnownProperty("EPSG code", "Of the coordinate system of the data"),
        "proj:code": KnownProperty("Projection code", "Of the coordinate system of the data, with its authority"),
        "proj:shape": KnownProperty("Shape", "Pixels: rows, columns"),
        "proj:transform": KnownProperty("Transform", "From pixels to coordinates"),
        "grid:code": KnownProperty("Grid cell", "Grid and cell, such as MGRS-32UPU"),
        "mgrs:utm_zone": KnownProperty("UTM zone"), "mgrs:latitude_band": KnownProperty("MGRS latitude band"),
        "mgrs:grid_square": KnownProperty("MGRS grid square"),
        "processing:level": KnownProperty("Processing level"), "processing:facility": KnownProperty("Facility"),
        "processing:version": KnownProperty("Version of the processing software"),
        "product:type": KnownProperty("Product type"), "product:timeliness": KnownProperty("Timeliness"),
        "product:timeliness_category": KnownProperty("Category of timeliness"),
        "landsat:wrs_path": KnownProperty("WRS path"), "landsat:wrs_row": KnownProperty("WRS row"),
        "landsat:wrs_type": KnownProperty("WRS type"), "landsat:scene_id": KnownProperty("Landsat scene"),
        "landsat:cloud_cover_land": KnownProperty("Cloud cover over land", unit: "%"),
        "landsat:collection_category": KnownProperty("Collection category", "Tier"),
        "landsat:collection_number": KnownProperty("Collection number"),
        "landsat:correction": KnownProperty("Correction"),
        "s2:tile_id": KnownProperty("Sentinel-2 tile"), "s2:datatake_id": KnownProperty("Sentinel-2 datatake"),
        "s2:product_uri": KnownProperty("Sentinel-2 product"), "s2:datastrip_id": KnownProperty("Sentinel-2 datastrip"),
        "s2:processing_baseline": KnownProperty("Processing baseline"),
        "s2:generation_time": KnownProperty("Product generated"),
        "s2:nodata_pixel_percentage": KnownProperty("Pixels without data", unit: "%"),
        "s2:vegetation_percentage": KnownProperty("Vegetation", unit: "%"),
        "s2:water_percentage": KnownProperty("Water", unit: "%"),
        "s2:snow_ice_percentage": KnownProperty("Snow and ice", unit: "%"),
        "s2:cloud_shadow_percentage": KnownProperty("Cloud shadow", unit: "%"),
        "order:status": KnownProperty("Order status"), "storage:tier": KnownProperty("Storage tier"),
    ]
}

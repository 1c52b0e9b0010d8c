/// The content of an image file of a Sentinel-2 Level-2A product.
public struct Sentinel2Band: Sendable {
    /// The asset's key, and part of the file's name: `B02`.
    public let key: String
    /// In metres.
    public let resolution: Int
    public let title: String
    /// STAC's `common_name`; `nil` for images that are no spectral band.
    public let commonName: String?
    /// In micrometres.
    public let centerWavelength, fullWidthHalfMax: Double

    private init(
        _ key: String, _ resolution: Int, _ title: String, _ commonName: String? = nil, _ center: Double = 0,
        _ width: Double = 0
    ) {
        self.key = key
        self.resolution = resolution
        self.title = title
        self.commonName = commonName
        centerWavelength = center
        fullWidthHalfMax = width
    }

    /// Width and height in pixels.
    public var pixels: Int { Int(MGRSTile.size) / resolution }

    /// Source: Sentinel-2 User Handbook, spectral bands.
    public static let spectral = [
        Sentinel2Band("B01", 60, "Coastal aerosol (band 1)", "coastal", 0.443, 0.027),
        Sentinel2Band("B02", 10, "Blue (band 2)", "blue", 0.49, 0.098),
        Sentinel2Band("B03", 10, "Green (band 3)", "green", 0.56, 0.045),
        Sentinel2Band("B04", 10, "Red (band 4)", "red", 0.665, 0.038),
        Sentinel2Band("B05", 20, "Red edge 1 (band 5)", "rededge", 0.704, 0.019),
        Sentinel2Band("B06", 20, "Red edge 2 (band 6)", "rededge", 0.74, 0.018),
        Sentinel2Band("B07", 20, "Red edge 3 (band 7)", "rededge", 0.783, 0.028),
        Sentinel2Band("B08", 10, "NIR 1 (band 8)", "nir", 0.842, 0.145),
        Sentinel2Band("B09", 60, "NIR 3 (band 9)", "nir09", 0.945, 0.026),
        Sentinel2Band("B11", 20, "SWIR 1 (band 11)", "swir16", 1.61, 0.143),
        Sentinel2Band("B12", 20, "SWIR 2 (band 12)", "swir22", 2.19, 0.242),
        Sentinel2Band("B8A", 20, "NIR 2 (band 8A)", "nir08", 0.865, 0.033),
    ]
    public static let aerosol = Sentinel2Band("AOT", 10, "Aerosol optical thickness (AOT)")
    public static let classification = Sentinel2Band("SCL", 20, "Scene classification map (SCL)")
    public static let trueColor = Sentinel2Band("TCI", 10, "True color image")
    public static let waterVapour = Sentinel2Band("WVP", 10, "Water vapour (WVP)")
}

/// An extension of STAC: the address of its schema, and what it was listed as before.
///
/// Source: the hooks of pystac's extensions (`pystac.EXTENSION_HOOKS` of pystac 1.15.2).
struct Extension {
    let schema: String
    let earlier: Set<String>
    var isOfItems = true
    var isOfCollections = false

    static func address(_ name: String, _ version: String) -> String {
        "https://stac-extensions.github.io/\(name)/v\(version)/schema.json"
    }

    private init(
        _ name: String, _ version: String, short: [String] = [], earlier: [String] = [], isOfItems: Bool = true,
        isOfCollections: Bool = false
    ) {
        schema = Self.address(name, version)
        self.earlier = Set(short + earlier.map { Self.address(name, $0) })
        self.isOfItems = isOfItems
        self.isOfCollections = isOfCollections
    }

    /// Whether an entry of `stac_extensions` means it.
    func isNamed(_ entry: String) -> Bool { entry == schema || earlier.contains(entry) }

    static let electroOptical = Extension("eo", "1.1.0", short: ["eo"], earlier: ["1.0.0"])
    static let view = Extension("view", "1.0.0", short: ["view"])
    static let projection = Extension(
        "projection", "2.0.0", short: ["proj", "projection"], earlier: ["1.0.0", "1.1.0", "1.2.0"])
    static let file = Extension(
        "file", "2.1.0", short: ["file"], earlier: ["1.0.0", "2.0.0"], isOfCollections: true)
    static let itemAssets = Extension(
        "item-assets", "1.0.0", short: ["asset", "item-assets"], isOfItems: false, isOfCollections: true)

    static let all = [
        electroOptical, view, projection, file, itemAssets,
        Extension("classification", "2.0.0", earlier: ["1.0.0", "1.1.0"]),
        Extension(
            "datacube", "2.2.0", short: ["datacube"], earlier: ["1.0.0", "2.0.0", "2.1.0"], isOfCollections: true),
        Extension("grid", "1.1.0", earlier: ["1.0.0"]),
        Extension("label", "1.0.1", short: ["label"], earlier: ["1.0.0"]),
        Extension("mlm", "1.4.0", earlier: ["1.0.0", "1.1.0", "1.2.0", "1.3.0"], isOfCollections: true),
        Extension("pointcloud", "1.0.0", short: ["pointcloud"]),
        Extension("raster", "1.1.0", earlier: ["1.0.0"], isOfCollections: true),
        Extension("sar", "1.0.0", short: ["sar"]), Extension("sat", "1.0.0", short: ["sat"]),
        Extension("scientific", "1.0.0", short: ["scientific"], isOfCollections: true),
        Extension("table", "1.2.0", short: ["table"], earlier: ["1.0.0", "1.0.1", "1.1.0"], isOfCollections: true),
        Extension("timestamps", "1.1.0", short: ["timestamps"], earlier: ["1.0.0"]),
        Extension("version", "1.2.0", short: ["version"], earlier: ["1.0.0", "1.1.0"], isOfCollections: true),
        Extension("xarray-assets", "1.0.0", short: ["xarray"], isOfCollections: true),
    ]
}

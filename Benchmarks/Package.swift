// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the platform's build neither waits for it nor depends on it.
let package = Package(
    name: "terrabyte-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "terrabyte", path: ".."),
        // Options of commands.
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    ],
    targets: [
        .target(
            name: "ItemGenerator",
            dependencies: [
                .product(name: "ItemSimulation", package: "terrabyte"),
                .product(name: "JSON", package: "terrabyte"),
                .product(name: "Temporal", package: "terrabyte"),
            ]),
        .executableTarget(
            name: "generate-items",
            dependencies: ["ItemGenerator", .product(name: "JSON", package: "terrabyte")]),
        .executableTarget(
            name: "catalogue-benchmarks",
            dependencies: [
                "ItemGenerator",
                .product(name: "CQL2", package: "terrabyte"),
                .product(name: "Catalogue", package: "terrabyte"),
                .product(name: "CatalogueExport", package: "terrabyte"),
                .product(name: "CatalogueSQLite", package: "terrabyte"),
                .product(name: "Geo", package: "terrabyte"),
                .product(name: "ItemFileSearch", package: "terrabyte"),
                .product(name: "ItemFilter", package: "terrabyte"),
                .product(name: "ItemInput", package: "terrabyte"),
                .product(name: "ItemSimulation", package: "terrabyte"),
                .product(name: "JSON", package: "terrabyte"),
                .product(name: "STACAPI", package: "terrabyte"),
                .product(name: "STACGeoParquet", package: "terrabyte"),
                .product(name: "SearchIndex", package: "terrabyte"),
                .product(name: "Temporal", package: "terrabyte"),
            ]),
        .executableTarget(
            name: "search-load",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ItemSimulation", package: "terrabyte"),
            ]),

        // Tests
        .testTarget(
            name: "ItemGeneratorTests",
            dependencies: [
                "ItemGenerator",
                .product(name: "ItemSimulation", package: "terrabyte"),
                .product(name: "JSON", package: "terrabyte"),
                .product(name: "Temporal", package: "terrabyte"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}

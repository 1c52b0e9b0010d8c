// swift-tools-version: 6.2
import PackageDescription

// Targets in layer order: a target may depend only on targets above it in this file (Scripts/check-layers).
let package = Package(
    name: "terrabyte",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "Temporal", targets: ["Temporal"]),
        .library(name: "Geo", targets: ["Geo"]),
        .library(name: "Compression", targets: ["Compression"]),
        .library(name: "STAC", targets: ["STAC"]),
        .library(name: "CQL2", targets: ["CQL2"]),
        .library(name: "STACAPI", targets: ["STACAPI"]),
        .library(name: "SearchIndex", targets: ["SearchIndex"]),
    ],
    dependencies: [
        // Without its defaults: they would link all of Foundation.
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // Layer 0: C libraries
        .systemLibrary(name: "CGEOS", pkgConfig: "geos", providers: [.apt(["libgeos-dev"]), .brew(["geos"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

        // Layer 1: values
        .target(name: "JSON"),
        .target(name: "Temporal"),
        .target(name: "Geo", dependencies: ["CGEOS", "JSON"]),
        .target(name: "Compression", dependencies: ["CZstd", "CZlib"]),

        // Layer 2: standards, no input or output
        .target(name: "STAC", dependencies: ["JSON", "Temporal"]),
        .target(name: "CQL2", dependencies: ["JSON", "Geo", "Temporal"]),
        .target(name: "STACAPI", dependencies: ["CQL2", "Geo", "JSON", "Temporal"]),

        // Layer 3: capabilities
        .target(name: "SearchIndex", dependencies: ["CQL2", "Geo", "JSON", "STACAPI", "Temporal"]),
        .target(name: "Catalogue", dependencies: ["JSON", "STACAPI"]),

        // Layer 4: edges
        .target(
            name: "HTTPEdge",
            dependencies: [
                "Compression", "JSON",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "STACServer",
            dependencies: [
                "CQL2", "Catalogue", "Geo", "HTTPEdge", "JSON", "STACAPI", "Temporal",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),

        // Tests
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "TemporalTests", dependencies: ["Temporal"]),
        .testTarget(name: "GeoTests", dependencies: ["Geo", "JSON"]),
        .testTarget(name: "CompressionTests", dependencies: ["Compression"]),
        .testTarget(name: "CQL2Tests", dependencies: ["CQL2", "Geo", "JSON", "Temporal"]),
        .testTarget(name: "STACTests", dependencies: ["Compression", "JSON", "STAC", "Temporal"]),
        .testTarget(
            name: "HTTPEdgeTests",
            dependencies: ["Compression", "HTTPEdge", .product(name: "HummingbirdTesting", package: "hummingbird")]),
        .testTarget(
            name: "STACServerTests",
            dependencies: [
                "CQL2", "Catalogue", "Geo", "HTTPEdge", "JSON", "STACAPI", "STACServer", "Temporal",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
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

// swift-tools-version: 6.2
import PackageDescription

// Targets in layer order: a target may depend only on targets above it in this file (Scripts/check-layers).
let package = Package(
    name: "terrabyte",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "Geo", targets: ["Geo"]),
        .library(name: "Temporal", targets: ["Temporal"]),
        .library(name: "Compression", targets: ["Compression"]),
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

        // Tests
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "TemporalTests", dependencies: ["Temporal"]),
        .testTarget(name: "GeoTests", dependencies: ["Geo", "JSON"]),
        .testTarget(name: "CompressionTests", dependencies: ["Compression"]),
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

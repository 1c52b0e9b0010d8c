// swift-tools-version: 6.2
import PackageDescription

// Targets in layer order: a target may depend only on targets above it in this file (Scripts/check-layers).
let package = Package(
    name: "terrabyte",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "Temporal", targets: ["Temporal"]),
        .library(name: "Compression", targets: ["Compression"]),
        .library(name: "STAC", targets: ["STAC"]),
        .library(name: "ItemInput", targets: ["ItemInput"]),
    ],
    targets: [
        // Layer 0: C libraries
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

        // Layer 1: values
        .target(name: "JSON"),
        .target(name: "Temporal"),
        .target(name: "Compression", dependencies: ["CZstd", "CZlib"]),

        // Layer 2: standards, no input or output
        .target(name: "STAC", dependencies: ["JSON", "Temporal"]),

        // Layer 3: capabilities
        .target(name: "ItemInput", dependencies: ["Compression"]),

        // Tests
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "TemporalTests", dependencies: ["Temporal"]),
        .testTarget(name: "CompressionTests", dependencies: ["Compression"]),
        .testTarget(name: "STACTests", dependencies: ["Compression", "JSON", "STAC", "Temporal"]),
        .testTarget(name: "ItemInputTests", dependencies: ["Compression", "ItemInput"]),
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

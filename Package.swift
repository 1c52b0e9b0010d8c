// swift-tools-version: 6.2
import PackageDescription

// Targets in layer order: a target may depend only on targets above it in this file (Scripts/check-layers).
let package = Package(
    name: "terrabyte",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "Temporal", targets: ["Temporal"]),
        .library(name: "Catalogue", targets: ["Catalogue"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0")
    ],
    targets: [
        // Layer 1: values
        .target(name: "JSON"),
        .target(name: "Temporal"),

        // Layer 3: capabilities, no HTTP status
        .target(
            name: "Catalogue",
            dependencies: [
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),

        // Tests
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "TemporalTests", dependencies: ["Temporal"]),
        .target(name: "CatalogueTestKit", dependencies: ["Catalogue"], path: "Tests/CatalogueTestKit"),
        .executableTarget(name: "StoreCrashChild", dependencies: ["Catalogue"], path: "Tests/StoreCrashChild"),
        .testTarget(name: "CatalogueTests", dependencies: ["Catalogue", "CatalogueTestKit", "StoreCrashChild"]),
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

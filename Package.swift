// swift-tools-version: 6.2
import PackageDescription

// Targets in layer order: a target may depend only on targets above it in this file (Scripts/check-layers).
let package = Package(
    name: "terrabyte",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "Temporal", targets: ["Temporal"]),
        .library(name: "ItemSimulation", targets: ["ItemSimulation"]),
    ],
    targets: [
        // Layer 1: values
        .target(name: "JSON"),
        .target(name: "Temporal"),

        // Made-up Items: the demo's, and what the benchmarks' generator shares with it
        .target(name: "ItemSimulation", dependencies: ["JSON", "Temporal"]),
        .target(name: "DemoCatalogue", dependencies: ["JSON", "Temporal", "ItemSimulation"]),

        // Tests
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "TemporalTests", dependencies: ["Temporal"]),
        .testTarget(name: "ItemSimulationTests", dependencies: ["ItemSimulation", "Temporal"]),
        .testTarget(name: "DemoCatalogueTests", dependencies: ["DemoCatalogue", "JSON", "Temporal"]),
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

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
        .library(name: "Parquet", targets: ["Parquet"]),
        .library(name: "GeoParquet", targets: ["GeoParquet"]),
        .library(name: "STACGeoParquet", targets: ["STACGeoParquet"]),
        .library(name: "ItemSimulation", targets: ["ItemSimulation"]),
        .library(name: "STACAPI", targets: ["STACAPI"]),
        .library(name: "CQL2SQL", targets: ["CQL2SQL"]),
        .library(name: "SearchSQL", targets: ["SearchSQL"]),
        .library(name: "DuckDBFile", targets: ["DuckDBFile"]),
        .library(name: "SearchIndex", targets: ["SearchIndex"]),
        .library(name: "ItemFileSearch", targets: ["ItemFileSearch"]),
        .executable(name: "terrabyte", targets: ["terrabyte"]),
        .executable(name: "terrapi", targets: ["terrapi"]),
        .library(name: "ItemInput", targets: ["ItemInput"]),
        .library(name: "Catalogue", targets: ["Catalogue"]),
        .library(name: "CatalogueExport", targets: ["CatalogueExport"]),
    ],
    dependencies: [
        // Without its defaults: they would link all of Foundation.
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        // The parts of requests and answers as Hummingbird hands them from handler to handler.
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.31.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        // FilePath, in which swift-configuration takes the name of a file.
        .package(url: "https://github.com/apple/swift-system.git", from: "1.6.0"),
        // The embedded store: SQLite with migrations, and its C API as a module.
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // Layer 0: C libraries
        .systemLibrary(name: "CGEOS", pkgConfig: "geos", providers: [.apt(["libgeos-dev"]), .brew(["geos"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"]), .brew(["snappy"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
        .systemLibrary(
            name: "CBrotli", pkgConfig: "libbrotlidec", providers: [.apt(["libbrotli-dev"]), .brew(["brotli"])]),
        .systemLibrary(name: "CMalloc"),

        // Layer 1: values
        .target(name: "JSON"),
        .target(name: "Temporal"),
        .target(name: "Geo", dependencies: ["CGEOS", "JSON"]),
        .target(name: "Compression", dependencies: ["CBrotli", "CLZ4", "CSnappy", "CZlib", "CZstd"]),

        // Layer 2: standards, no input or output
        .target(name: "STAC", dependencies: ["JSON", "Temporal"]),
        .target(name: "CQL2", dependencies: ["JSON", "Geo", "Temporal"]),
        .target(name: "STACAPI", dependencies: ["CQL2", "Geo", "JSON", "Temporal"]),
        .target(name: "CQL2SQL", dependencies: ["CQL2", "Geo", "Temporal"]),
        .target(name: "SearchSQL", dependencies: ["CQL2", "CQL2SQL", "Geo", "STACAPI"]),
        .target(name: "DuckDBFile"),
        .target(name: "Parquet", dependencies: ["Compression"]),
        .target(name: "GeoParquet", dependencies: ["Geo", "JSON", "Parquet"]),
        .target(name: "STACGeoParquet", dependencies: ["Geo", "GeoParquet", "JSON", "Parquet", "Temporal"]),

        // Layer 3: capabilities
        .target(name: "Telemetry"),
        .target(name: "ProcessMemory", dependencies: ["CMalloc"]),
        .target(name: "ItemInput", dependencies: ["Compression", "JSON", "Parquet", "STACGeoParquet"]),
        .target(name: "SearchIndex", dependencies: ["CQL2", "Geo", "JSON", "STACAPI", "Temporal"]),
        .target(
            name: "ItemFileSearch",
            dependencies: [
                "CQL2", "Geo", "GeoParquet", "JSON", "Parquet", "STAC", "STACAPI", "STACGeoParquet", "SearchIndex",
                "Temporal",
            ]),

        .target(
            name: "Catalogue",
            dependencies: [
                "CQL2", "Compression", "Geo", "ItemInput", "JSON", "STAC", "STACAPI", "SearchIndex", "Temporal",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),

        .target(
            name: "CatalogueExport",
            dependencies: [
                "Catalogue", "DuckDBFile", "GeoParquet", "JSON", "Parquet", "SearchIndex", "STACGeoParquet", "Temporal",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),

        // Made-up Items: the demo's, and what the benchmarks' generator shares with it
        .target(name: "ItemSimulation", dependencies: ["JSON", "Temporal"]),
        .target(name: "DemoCatalogue", dependencies: ["JSON", "Temporal", "ItemSimulation"]),

        // Layer 4: edges
        .target(
            name: "HTTPEdge",
            dependencies: [
                "Compression", "JSON", "Telemetry",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "STACServer",
            dependencies: [
                "CQL2", "Catalogue", "Compression", "Geo", "HTTPEdge", "JSON", "Parquet", "STACAPI", "STACGeoParquet",
                "Telemetry", "Temporal",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        .target(
            name: "TerrabyteCommands",
            dependencies: [
                "Catalogue", "CatalogueExport", "Compression", "DemoCatalogue", "HTTPEdge", "ItemInput", "JSON",
                "ProcessMemory", "STACGeoParquet", "STACServer", "Temporal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "TerrapiCommands",
            dependencies: [
                "CQL2", "CQL2SQL", "Geo", "ItemFileSearch", "JSON", "Parquet", "ProcessMemory", "STACAPI",
                "STACGeoParquet", "Temporal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Layer 5: executables
        .executableTarget(
            name: "terrapi",
            dependencies: ["TerrapiCommands", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .executableTarget(
            name: "terrabyte",
            dependencies: ["TerrabyteCommands", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

        // Tests
        .target(name: "SharedTestData", dependencies: ["Compression", "JSON"], path: "Tests/SharedTestData"),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "TemporalTests", dependencies: ["Temporal"]),
        .testTarget(name: "GeoTests", dependencies: ["Geo", "JSON"]),
        .testTarget(name: "CQL2Tests", dependencies: ["CQL2", "Geo", "JSON", "Temporal"]),
        .testTarget(name: "STACAPITests", dependencies: ["STACAPI"]),
        .testTarget(
            name: "CQL2SQLTests",
            dependencies: ["CQL2", "CQL2SQL", "JSON"]),
        .testTarget(
            name: "SearchSQLTests", dependencies: ["CQL2", "CQL2SQL", "Geo", "SearchSQL", "STACAPI", "Temporal"]),
        .testTarget(name: "DuckDBFileTests", dependencies: ["DuckDBFile"]),
        .executableTarget(
            name: "ViewDatabaseChild", dependencies: ["DuckDBFile"], path: "Tests/ViewDatabaseChild"),
        .target(name: "CatalogueTestKit", dependencies: ["Catalogue"], path: "Tests/CatalogueTestKit"),
        .executableTarget(name: "StoreCrashChild", dependencies: ["Catalogue"], path: "Tests/StoreCrashChild"),
        .executableTarget(
            name: "LoadCrashChild", dependencies: ["Catalogue", "ItemInput"], path: "Tests/LoadCrashChild"),
        .testTarget(
            name: "CatalogueTests",
            dependencies: [
                "Catalogue", "CatalogueTestKit", "Compression", "CQL2", "ItemInput", "JSON", "LoadCrashChild", "STAC",
                "STACAPI", "SearchIndex", "SharedTestData", "StoreCrashChild", "Temporal",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(name: "CatalogueExportTests", dependencies: ["CatalogueExport", "SearchIndex", "Temporal"]),
        .testTarget(name: "ItemSimulationTests", dependencies: ["ItemSimulation", "Temporal"]),
        .testTarget(name: "DemoCatalogueTests", dependencies: ["DemoCatalogue", "JSON", "Temporal"]),
        .testTarget(name: "CompressionTests", dependencies: ["Compression"]),
        .testTarget(
            name: "ItemInputTests", dependencies: ["Compression", "ItemInput", "JSON", "Parquet", "STACGeoParquet"]),
        .testTarget(name: "ParquetTests", dependencies: ["Compression", "JSON", "Parquet", "SharedTestData"]),
        .testTarget(
            name: "STACGeoParquetTests",
            dependencies: ["JSON", "Parquet", "STACGeoParquet", "SharedTestData", "Temporal"]),
        .testTarget(name: "STACTests", dependencies: ["JSON", "STAC", "SharedTestData", "Temporal"]),
        .testTarget(
            name: "SearchIndexTests", dependencies: ["CQL2", "Geo", "JSON", "SearchIndex", "STACAPI", "Temporal"]),
        .testTarget(
            name: "ItemFileSearchTests",
            dependencies: [
                "CQL2", "Geo", "ItemFileSearch", "JSON", "Parquet", "STACAPI", "STACGeoParquet", "SearchIndex",
                "Temporal",
            ]),
        .testTarget(name: "ProcessMemoryTests", dependencies: ["ProcessMemory"]),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry"]),
        .testTarget(
            name: "HTTPEdgeTests",
            dependencies: [
                "Compression", "HTTPEdge",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(
            name: "STACServerTests",
            dependencies: [
                "CQL2", "Catalogue", "Compression", "Geo", "HTTPEdge", "JSON", "Parquet", "STACAPI", "STACGeoParquet",
                "STACServer", "Temporal",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        .testTarget(
            name: "TerrapiCommandsTests",
            dependencies: [
                "CQL2", "TerrapiCommands", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(
            name: "TerrabyteCommandsTests",
            dependencies: [
                "Catalogue", "HTTPEdge", "JSON", "STACGeoParquet", "STACServer", "TerrabyteCommands",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
    ]
}

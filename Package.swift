// swift-tools-version: 6.2
import PackageDescription

// Targets by group, bottom-up; the group is the first folder of the path. Scripts/check-layers has the table of which
// group may use which.
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
        .library(name: "CBOR", targets: ["CBOR"]),
        .library(name: "JOSE", targets: ["JOSE"]),
        .library(name: "WebAuthn", targets: ["WebAuthn"]),
        .library(name: "ItemSimulation", targets: ["ItemSimulation"]),
        .library(name: "STACAPI", targets: ["STACAPI"]),
        .library(name: "CQL2SQL", targets: ["CQL2SQL"]),
        .library(name: "SearchSQL", targets: ["SearchSQL"]),
        .library(name: "DuckDBFile", targets: ["DuckDBFile"]),
        .library(name: "ItemFilter", targets: ["ItemFilter"]),
        .library(name: "SearchIndex", targets: ["SearchIndex"]),
        .library(name: "ItemFileSearch", targets: ["ItemFileSearch"]),
        .executable(name: "terrabyte", targets: ["terrabyte"]),
        .executable(name: "terrapi", targets: ["terrapi"]),
        .library(name: "ItemInput", targets: ["ItemInput"]),
        .library(name: "Catalogue", targets: ["Catalogue"]),
        .library(name: "CatalogueSQLite", targets: ["CatalogueSQLite"]),
        .library(name: "CatalogueExport", targets: ["CatalogueExport"]),
    ],
    dependencies: [
        // Without its defaults: they would link all of Foundation.
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        // HTTPRequestPart and HTTPResponsePart, the messages of Hummingbird's channel handlers.
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.31.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        // FilePath, in which swift-configuration takes the name of a file.
        .package(url: "https://github.com/apple/swift-system.git", from: "1.6.0"),
        // The embedded store: SQLite with migrations, and its C API as a module.
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        // What libraries measure with, so that it reaches our registry.
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.7.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        // Signatures and hashes of tokens and passkeys: no cryptography of our own.
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        // Of tests only: a client for servers that run; hummingbird's tests bring it in any case.
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    ],
    targets: [
        // C: libraries of the system
        .systemLibrary(
            name: "CGEOS", path: "Sources/C/CGEOS", pkgConfig: "geos",
            providers: [.apt(["libgeos-dev"]), .brew(["geos"])]),
        .target(name: "CGEOSInterruption", dependencies: ["CGEOS"], path: "Sources/C/CGEOSInterruption"),
        .systemLibrary(
            name: "CZstd", path: "Sources/C/CZstd", pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(
            name: "CZlib", path: "Sources/C/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CSnappy", path: "Sources/C/CSnappy", pkgConfig: "snappy",
            providers: [.apt(["libsnappy-dev"]), .brew(["snappy"])]),
        .systemLibrary(
            name: "CLZ4", path: "Sources/C/CLZ4", pkgConfig: "liblz4",
            providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
        .systemLibrary(
            name: "CBrotli", path: "Sources/C/CBrotli", pkgConfig: "libbrotlidec",
            providers: [.apt(["libbrotli-dev"]), .brew(["brotli"])]),
        // PostgreSQL's own client library: its TLS, authentication, service files and failover between hosts.
        .systemLibrary(
            name: "CPostgreSQL", path: "Sources/C/CPostgreSQL", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        // The password hash argon2id by its authors.
        .systemLibrary(
            name: "CArgon2", path: "Sources/C/CArgon2", pkgConfig: "libargon2",
            providers: [.apt(["libargon2-dev"]), .brew(["argon2"])]),
        .systemLibrary(
            name: "CQREncode", path: "Sources/C/CQREncode", pkgConfig: "libqrencode",
            providers: [.apt(["libqrencode-dev"]), .brew(["qrencode"])]),
        // Mail and small documents of other servers: SMTP, HTTPS, TLS by the system's OpenSSL.
        .systemLibrary(
            name: "CCurl", path: "Sources/C/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .systemLibrary(name: "CGlibc", path: "Sources/C/CGlibc"),

        // Values
        .target(name: "JSON", path: "Sources/Values/JSON"),
        .target(name: "Temporal", path: "Sources/Values/Temporal"),
        .target(name: "Checksum", path: "Sources/Values/Checksum"),
        .target(name: "Spelling", path: "Sources/Values/Spelling"),
        .target(name: "Parallelism", dependencies: ["CGlibc"], path: "Sources/Values/Parallelism"),
        .target(name: "CBOR", path: "Sources/Values/CBOR"),
        .target(name: "Geo", dependencies: ["CGEOS", "CGEOSInterruption", "JSON"], path: "Sources/Values/Geo"),
        .target(
            name: "Compression", dependencies: ["CBrotli", "CLZ4", "CSnappy", "CZlib", "CZstd"],
            path: "Sources/Values/Compression"),

        // Standards: no input or output
        .target(name: "STAC", dependencies: ["JSON", "Temporal"], path: "Sources/Standards/STAC"),
        .target(name: "CQL2", dependencies: ["JSON", "Geo", "Temporal"], path: "Sources/Standards/CQL2"),
        .target(name: "STACAPI", dependencies: ["CQL2", "Geo", "JSON", "Temporal"], path: "Sources/Standards/STACAPI"),
        .target(name: "CQL2SQL", dependencies: ["CQL2", "Geo", "Temporal"], path: "Sources/Standards/CQL2SQL"),
        .target(
            name: "SearchSQL", dependencies: ["CQL2", "CQL2SQL", "Geo", "STACAPI"], path: "Sources/Standards/SearchSQL"),
        .target(name: "DuckDBFile", path: "Sources/Standards/DuckDBFile"),
        .target(name: "Parquet", dependencies: ["Checksum", "Compression"], path: "Sources/Standards/Parquet"),
        .target(name: "GeoParquet", dependencies: ["Geo", "JSON", "Parquet"], path: "Sources/Standards/GeoParquet"),
        .target(
            name: "STACGeoParquet", dependencies: ["Geo", "GeoParquet", "JSON", "Parallelism", "Parquet", "Temporal"],
            path: "Sources/Standards/STACGeoParquet"),
        .target(
            name: "JOSE",
            dependencies: [
                "JSON", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ], path: "Sources/Standards/JOSE"),
        .target(
            name: "WebAuthn",
            dependencies: ["CBOR", "JOSE", "JSON", .product(name: "Crypto", package: "swift-crypto")],
            path: "Sources/Standards/WebAuthn"),

        // Platform
        .target(
            name: "Telemetry", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")],
            path: "Sources/Platform/Telemetry"),
        .target(name: "Caching", path: "Sources/Platform/Caching"),
        .target(name: "Access", path: "Sources/Platform/Access"),
        .target(
            name: "Mail",
            dependencies: ["CCurl", "Temporal", .product(name: "NIOPosix", package: "swift-nio")],
            path: "Sources/Platform/Mail"),
        .target(
            name: "WebClient", dependencies: ["CCurl", .product(name: "NIOPosix", package: "swift-nio")],
            path: "Sources/Platform/WebClient"),
        .target(name: "ProcessMemory", dependencies: ["CGlibc"], path: "Sources/Platform/ProcessMemory"),
        .target(
            name: "HTTPEdge",
            dependencies: [
                "Access", "Checksum", "Compression", "JSON", "Telemetry",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Sources/Platform/HTTPEdge"),

        .target(
            name: "ServiceModule",
            dependencies: [
                "HTTPEdge", "JSON", "Spelling", "Telemetry",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], path: "Sources/Platform/ServiceModule"),

        .target(name: "MailHosting", dependencies: ["Mail", "ServiceModule"], path: "Sources/Platform/MailHosting"),

        .target(
            name: "SQLDatabase",
            dependencies: [
                "CPostgreSQL", "Checksum", "JSON", "Temporal",
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], path: "Sources/Platform/SQLDatabase"),

        .target(
            name: "DatabaseHosting",
            dependencies: [
                "HTTPEdge", "SQLDatabase", "ServiceModule", "Telemetry",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Sources/Platform/DatabaseHosting"),

        // Catalogue
        .target(
            name: "ItemInput", dependencies: ["Compression", "JSON", "Parquet", "STACGeoParquet"],
            path: "Sources/Catalogue/ItemInput"),
        .target(
            name: "ItemFilter", dependencies: ["CQL2", "Geo", "JSON", "STACAPI", "Temporal"],
            path: "Sources/Catalogue/ItemFilter"),
        .target(
            name: "SearchIndex",
            dependencies: [
                "Caching", "Checksum", "CQL2", "Geo", "ItemFilter", "JSON", "Parallelism", "STACAPI", "Temporal",
            ],
            path: "Sources/Catalogue/SearchIndex"),
        .target(
            name: "ItemFileSearch",
            dependencies: [
                "CQL2", "Geo", "GeoParquet", "ItemFilter", "JSON", "Parallelism", "Parquet", "STAC", "STACAPI",
                "STACGeoParquet", "Temporal",
            ], path: "Sources/Catalogue/ItemFileSearch"),
        .target(
            name: "Catalogue",
            dependencies: [
                "Caching", "Checksum", "Compression", "CQL2", "Geo", "ItemFilter", "ItemInput", "JSON", "Parallelism",
                "SearchIndex", "STAC", "STACAPI", "Temporal", .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Sources/Catalogue/Catalogue"),
        .target(
            name: "CatalogueSQLite",
            dependencies: [
                "Catalogue", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], path: "Sources/Catalogue/CatalogueSQLite"),
        .target(
            name: "CataloguePostgreSQL",
            dependencies: ["Catalogue", "SQLDatabase", .product(name: "Logging", package: "swift-log")],
            path: "Sources/Catalogue/CataloguePostgreSQL"),
        .target(
            name: "CatalogueHosting",
            dependencies: [
                "Catalogue", "CataloguePostgreSQL", "CatalogueSQLite", "Compression", "DatabaseHosting", "HTTPEdge",
                "ItemInput", "JSON", "ProcessMemory", "STAC", "SQLDatabase", "ServiceModule", "Telemetry",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], path: "Sources/Catalogue/CatalogueHosting"),
        .target(
            name: "CatalogueExport",
            dependencies: [
                "Catalogue", "CatalogueHosting", "Checksum", "DatabaseHosting", "DuckDBFile", "GeoParquet", "JSON",
                "Parallelism", "Parquet", "SQLDatabase", "STACAPI", "SearchIndex", "ServiceModule", "STACGeoParquet",
                "Temporal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Sources/Catalogue/CatalogueExport"),
        .target(name: "ItemSimulation", dependencies: ["JSON", "Temporal"], path: "Sources/Catalogue/ItemSimulation"),
        .target(
            name: "DemoCatalogue", dependencies: ["JSON", "Temporal", "ItemSimulation"],
            path: "Sources/Catalogue/DemoCatalogue"),
        .target(
            name: "STACServer",
            dependencies: [
                "Access", "CQL2", "Catalogue", "Checksum", "Compression", "Geo", "HTTPEdge", "JSON", "Parquet",
                "STACAPI",
                "STACGeoParquet", "ServiceModule", "Spelling", "Telemetry", "Temporal",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ], path: "Sources/Catalogue/STACServer"),

        // Identity
        .target(
            name: "Identity",
            dependencies: [
                "Access", "CArgon2", "JOSE", "JSON", "Parallelism", "SQLDatabase", "Temporal", "WebAuthn",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], path: "Sources/Identity/Identity"),
        .target(
            name: "IdentityHosting",
            dependencies: [
                "Access", "Caching", "DatabaseHosting", "HTTPEdge", "Identity", "JOSE", "JSON", "SQLDatabase",
                "ServiceModule", "Spelling", "Telemetry", "Temporal", "WebClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Sources/Identity/IdentityHosting"),
        .target(
            name: "IdentityServer",
            dependencies: [
                "Access", "HTTPEdge", "Identity", "IdentityHosting", "JSON", "Mail", "MailHosting", "ServiceModule",
                "Spelling", "Temporal", .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Sources/Identity/IdentityServer"),
        .target(
            name: "OpenIDProvider",
            dependencies: [
                "Access", "CQREncode", "DatabaseHosting", "HTTPEdge", "Identity", "IdentityHosting", "JOSE", "JSON",
                "SQLDatabase", "ServiceModule", "Temporal", "WebAuthn",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Sources/Identity/OpenIDProvider"),

        // Programs
        .target(
            name: "TerrabyteCommands",
            dependencies: [
                "Catalogue", "CatalogueExport", "CatalogueHosting", "Compression", "DatabaseHosting", "DemoCatalogue",
                "HTTPEdge", "IdentityHosting", "IdentityServer", "ItemInput", "JSON", "MailHosting", "OpenIDProvider",
                "ProcessMemory", "STACServer", "ServiceModule", "Temporal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ], path: "Sources/Programs/TerrabyteCommands"),
        .target(
            name: "TerrapiCommands",
            dependencies: [
                "CQL2", "CQL2SQL", "Geo", "ItemFileSearch", "JSON", "Parquet", "ProcessMemory", "STACAPI",
                "STACGeoParquet", "Spelling", "Temporal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Sources/Programs/TerrapiCommands"),
        .executableTarget(
            name: "terrapi",
            dependencies: ["TerrapiCommands", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Sources/Programs/terrapi"),
        .executableTarget(
            name: "terrabyte",
            dependencies: [
                "ServiceModule", "Telemetry", "TerrabyteCommands",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ], path: "Sources/Programs/terrabyte"),

        // Tests
        .target(name: "TestKit", path: "Tests/TestKit/TestKit"),
        .target(
            name: "DatabaseTestKit",
            dependencies: ["CPostgreSQL", "SQLDatabase", "TestKit", .product(name: "Logging", package: "swift-log")],
            path: "Tests/TestKit/DatabaseTestKit"),
        .target(name: "TestDocuments", dependencies: ["Compression", "JSON"], path: "Tests/TestKit/TestDocuments"),
        .executableTarget(
            name: "DatabaseChild", dependencies: ["SQLDatabase", .product(name: "Logging", package: "swift-log")],
            path: "Tests/Platform/DatabaseChild"),
        .testTarget(
            name: "DatabaseHostingTests",
            dependencies: [
                "DatabaseHosting", "DatabaseTestKit", "HTTPEdge", "SQLDatabase", "ServiceModule", "Temporal", "TestKit",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Tests/Platform/DatabaseHostingTests"),
        .testTarget(
            name: "SQLDatabaseTests",
            dependencies: [
                "DatabaseChild", "DatabaseTestKit", "JSON", "SQLDatabase", "Temporal", "TestKit",
                .product(name: "Logging", package: "swift-log"),
            ], path: "Tests/Platform/SQLDatabaseTests"),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "TestKit"], path: "Tests/Values/JSONTests"),
        .testTarget(name: "TemporalTests", dependencies: ["Temporal", "TestKit"], path: "Tests/Values/TemporalTests"),
        .testTarget(name: "ChecksumTests", dependencies: ["Checksum"], path: "Tests/Values/ChecksumTests"),
        .testTarget(
            name: "ParallelismTests", dependencies: ["Parallelism"], path: "Tests/Values/ParallelismTests"),
        .testTarget(name: "CBORTests", dependencies: ["CBOR", "TestKit"], path: "Tests/Values/CBORTests"),
        .testTarget(name: "GeoTests", dependencies: ["Geo", "JSON", "TestKit"], path: "Tests/Values/GeoTests"),
        .testTarget(name: "CompressionTests", dependencies: ["Compression"], path: "Tests/Values/CompressionTests"),
        .testTarget(
            name: "CQL2Tests", dependencies: ["CQL2", "Geo", "JSON", "Temporal", "TestDocuments", "TestKit"],
            path: "Tests/Standards/CQL2Tests"),
        .testTarget(name: "STACAPITests", dependencies: ["STACAPI"], path: "Tests/Standards/STACAPITests"),
        .testTarget(
            name: "CQL2SQLTests",
            dependencies: ["CQL2", "CQL2SQL", "JSON"], path: "Tests/Standards/CQL2SQLTests"),
        .testTarget(
            name: "SearchSQLTests", dependencies: ["CQL2", "CQL2SQL", "Geo", "SearchSQL", "STACAPI", "Temporal"],
            path: "Tests/Standards/SearchSQLTests"),
        .testTarget(
            name: "DuckDBFileTests", dependencies: ["DuckDBFile", "TestKit"], path: "Tests/Standards/DuckDBFileTests"),
        .executableTarget(
            name: "ViewDatabaseChild", dependencies: ["DuckDBFile"], path: "Tests/Standards/ViewDatabaseChild"),
        .testTarget(
            name: "ParquetTests", dependencies: ["Compression", "JSON", "Parquet", "TestDocuments", "TestKit"],
            path: "Tests/Standards/ParquetTests"),
        .testTarget(
            name: "STACGeoParquetTests",
            dependencies: ["JSON", "Parquet", "STACGeoParquet", "Temporal", "TestDocuments", "TestKit"],
            path: "Tests/Standards/STACGeoParquetTests"),
        .testTarget(
            name: "STACTests", dependencies: ["JSON", "STAC", "Temporal", "TestDocuments"],
            path: "Tests/Standards/STACTests"),
        .testTarget(
            name: "JOSETests",
            dependencies: ["JOSE", "JSON", "TestKit", .product(name: "Crypto", package: "swift-crypto")],
            path: "Tests/Standards/JOSETests"),
        .testTarget(
            name: "WebAuthnTests",
            dependencies: [
                "CBOR", "JOSE", "JSON", "TestKit", "WebAuthn", .product(name: "Crypto", package: "swift-crypto"),
            ], path: "Tests/Standards/WebAuthnTests"),
        .testTarget(
            name: "ProcessMemoryTests", dependencies: ["ProcessMemory"], path: "Tests/Platform/ProcessMemoryTests"),
        .testTarget(name: "MailTests", dependencies: ["Mail", "Temporal"], path: "Tests/Platform/MailTests"),
        .testTarget(
            name: "WebClientTests", dependencies: ["WebClient"], path: "Tests/Platform/WebClientTests"),
        .testTarget(name: "CachingTests", dependencies: ["Caching", "TestKit"], path: "Tests/Platform/CachingTests"),
        .testTarget(
            name: "TelemetryTests",
            dependencies: ["Telemetry", .product(name: "CoreMetrics", package: "swift-metrics")],
            path: "Tests/Platform/TelemetryTests"),
        .testTarget(
            name: "HTTPEdgeTests",
            dependencies: [
                "Access", "JSON", "Compression", "HTTPEdge", "TestKit",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], path: "Tests/Platform/HTTPEdgeTests"),
        .testTarget(
            name: "ServiceModuleTests",
            dependencies: [
                "HTTPEdge", "ServiceModule", "TestKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ], path: "Tests/Platform/ServiceModuleTests"),
        .target(
            name: "CatalogueTestKit", dependencies: ["Catalogue", "TestKit"], path: "Tests/Catalogue/CatalogueTestKit"),
        .executableTarget(
            name: "StoreCrashChild", dependencies: ["Catalogue", "CatalogueSQLite"],
            path: "Tests/Catalogue/StoreCrashChild"),
        .executableTarget(
            name: "LoadCrashChild", dependencies: ["Catalogue", "CatalogueSQLite", "ItemInput"],
            path: "Tests/Catalogue/LoadCrashChild"),
        .testTarget(
            name: "CatalogueTests",
            dependencies: [
                "CQL2", "Catalogue", "CataloguePostgreSQL", "CatalogueSQLite", "CatalogueTestKit", "Compression",
                "DatabaseTestKit", "Geo", "ItemInput", "JSON", "LoadCrashChild", "Parquet", "SQLDatabase", "STAC",
                "STACAPI", "STACGeoParquet", "SearchIndex", "StoreCrashChild",
                "Temporal",
                "TestDocuments", "TestKit",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Tests/Catalogue/CatalogueTests"),
        .testTarget(
            name: "CatalogueExportTests",
            dependencies: [
                "Catalogue", "CatalogueExport", "CatalogueSQLite", "DatabaseHosting", "DatabaseTestKit", "SQLDatabase",
                "STACAPI", "SearchIndex", "Temporal", "TestKit",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Tests/Catalogue/CatalogueExportTests"),
        .testTarget(
            name: "ItemSimulationTests", dependencies: ["ItemSimulation", "Temporal"],
            path: "Tests/Catalogue/ItemSimulationTests"),
        .testTarget(
            name: "DemoCatalogueTests", dependencies: ["DemoCatalogue", "JSON", "Temporal"],
            path: "Tests/Catalogue/DemoCatalogueTests"),
        .testTarget(
            name: "ItemInputTests",
            dependencies: ["Compression", "ItemInput", "JSON", "Parquet", "STACGeoParquet", "TestKit"],
            path: "Tests/Catalogue/ItemInputTests"),
        .testTarget(
            name: "ItemFilterTests",
            dependencies: ["CQL2", "Geo", "ItemFilter", "JSON", "STACAPI", "Temporal", "TestKit"],
            path: "Tests/Catalogue/ItemFilterTests"),
        .testTarget(
            name: "SearchIndexTests",
            dependencies: [
                "Checksum", "CQL2", "Geo", "ItemFilter", "JSON", "SearchIndex", "STACAPI", "Temporal", "TestKit",
            ],
            path: "Tests/Catalogue/SearchIndexTests"),
        .testTarget(
            name: "ItemFileSearchTests",
            dependencies: [
                "CQL2", "Geo", "ItemFileSearch", "ItemFilter", "JSON", "Parquet", "STACAPI", "STACGeoParquet",
                "SearchIndex", "Temporal", "TestKit",
            ], path: "Tests/Catalogue/ItemFileSearchTests"),
        .testTarget(
            name: "STACServerTests",
            dependencies: [
                "Access", "Telemetry", "CQL2", "Catalogue", "CatalogueSQLite", "Compression", "Geo", "HTTPEdge", "JSON",
                "Parquet",
                "STACAPI",
                "STACGeoParquet", "STACServer", "Temporal", "TestKit",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ], path: "Tests/Catalogue/STACServerTests"),
        .testTarget(
            name: "IdentityTests",
            dependencies: [
                "Access", "CArgon2", "DatabaseTestKit", "Identity", "JOSE", "JSON", "SQLDatabase", "Temporal",
                "WebAuthn", .product(name: "Logging", package: "swift-log"),
            ], path: "Tests/Identity/IdentityTests"),
        .testTarget(
            name: "IdentityServerTests",
            dependencies: [
                "Access", "DatabaseTestKit", "HTTPEdge", "Identity", "IdentityHosting", "IdentityServer", "JSON",
                "Mail",
                "SQLDatabase", "ServiceModule", "Temporal", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
            ], path: "Tests/Identity/IdentityServerTests"),
        .testTarget(
            name: "OpenIDProviderTests",
            dependencies: [
                "Access", "DatabaseTestKit", "HTTPEdge", "Identity", "IdentityHosting", "JOSE", "JSON",
                "OpenIDProvider",
                "SQLDatabase", "ServiceModule", "Temporal", "TestKit", "WebAuthn",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
            ], path: "Tests/Identity/OpenIDProviderTests"),
        .testTarget(
            name: "IdentityHostingTests",
            dependencies: [
                "Access", "DatabaseTestKit", "HTTPEdge", "Identity", "IdentityHosting", "JOSE", "JSON", "SQLDatabase",
                "ServiceModule", "Telemetry", "Temporal", "TestKit",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
            ], path: "Tests/Identity/IdentityHostingTests"),
        .testTarget(
            name: "RightsTests",
            dependencies: [
                "Access", "Catalogue", "CatalogueSQLite", "HTTPEdge", "Identity", "JOSE", "JSON", "SQLDatabase",
                "ServiceModule", "Temporal", "TerrabyteCommands", "TestKit",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ], path: "Tests/Programs/RightsTests"),
        .testTarget(
            name: "TerrapiCommandsTests",
            dependencies: [
                "CQL2", "Geo", "STACAPI", "Temporal", "TerrapiCommands", "TestKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tests/Programs/TerrapiCommandsTests"),
        .testTarget(
            name: "TerrabyteCommandsTests",
            dependencies: [
                "Access", "Catalogue", "CatalogueExport", "CatalogueHosting", "DatabaseHosting", "HTTPEdge", "JSON",
                "SQLDatabase", "STACGeoParquet", "STACServer", "ServiceModule", "Telemetry", "TerrabyteCommands",
                "TestKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Tests/Programs/TerrabyteCommandsTests"),

        // Benchmarks: no products, and nothing depends on them
        .target(
            name: "ItemGenerator", dependencies: ["ItemSimulation", "JSON", "Temporal"],
            path: "Benchmarks/ItemGenerator"),
        .executableTarget(
            name: "generate-items", dependencies: ["ItemGenerator", "JSON"], path: "Benchmarks/generate-items"),
        .executableTarget(
            name: "catalogue-benchmarks",
            dependencies: [
                "CQL2", "Catalogue", "CatalogueExport", "CatalogueSQLite", "Geo", "ItemFileSearch", "ItemFilter",
                "ItemGenerator", "ItemInput", "ItemSimulation", "JSON", "STACAPI", "STACGeoParquet", "SearchIndex",
                "Temporal",
            ], path: "Benchmarks/catalogue-benchmarks"),
        .executableTarget(
            name: "token-checks",
            dependencies: [
                "HTTPEdge", "Identity", "IdentityHosting", "JOSE", "JSON", "SQLDatabase", "Telemetry", "Temporal",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ], path: "Benchmarks/token-checks"),
        .executableTarget(
            name: "search-load",
            dependencies: [
                "ItemSimulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Benchmarks/search-load"),
        .testTarget(
            name: "ItemGeneratorTests",
            dependencies: ["ItemGenerator", "ItemSimulation", "JSON", "Temporal", "TestKit"],
            path: "Benchmarks/ItemGeneratorTests"),
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

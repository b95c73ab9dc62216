// swift-tools-version: 6.2

import PackageDescription

/// The numeric targets are optimised in debug builds too, each as a whole, so that
/// `swift run compare-models`, which is a debug build, trains as fast as the release build does.
let numeric: [SwiftSetting] = [
  .unsafeFlags(
    ["-O", "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"],
    .when(configuration: .debug))
]

/// `make test` sets this, so that a warning in our code ends the build.
let warnings: [SwiftSetting] =
  Context.environment["WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

let package = Package(
  name: "compare-models",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "compare-models", targets: ["compare-models"]),
    .executable(name: "get-models", targets: ["get-models"]),
    .executable(name: "diamonds-prediction", targets: ["diamonds-prediction"]),
    .library(name: "Comet", targets: ["Comet"]),
    // For the measuring program below Benchmarks.
    .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
    .library(name: "Datasets", targets: ["Datasets"]),
    .library(name: "Classifiers", targets: ["Classifiers"]),
    .library(name: "Support", targets: ["Support"]),
    .library(name: "ModelFiles", targets: ["ModelFiles"]),
    .library(name: "SavedModels", targets: ["SavedModels"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.0")),
    .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.0")),
    .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.0")),
    .package(
      url: "https://github.com/swift-server/swift-service-lifecycle", .upToNextMinor(from: "2.13.0")
    ),
    // Hummingbird's own, whose parts of HTTP the service names.
    .package(
      url: "https://github.com/apple/swift-http-types", .upToNextMinor(from: "1.8.0"), traits: []),
    .package(url: "https://github.com/apple/swift-nio-extras", .upToNextMinor(from: "1.35.0")),
    // Without its default traits, which bring full Foundation.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", .upToNextMinor(from: "2.28.0"),
      traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(
      name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),

    .target(name: "JSON", swiftSettings: numeric),
    .target(name: "Support", dependencies: ["CCrypto"], swiftSettings: numeric),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"], swiftSettings: numeric),
    .target(
      name: "Datasets", dependencies: ["LinearAlgebra", "Support"], swiftSettings: numeric),
    // Without classifiers: get-models links no more than this.
    .target(name: "ModelFiles", dependencies: ["JSON", "Support"], swiftSettings: numeric),
    .target(
      name: "Classifiers", dependencies: ["Datasets", "LinearAlgebra", "ModelFiles", "Support"],
      swiftSettings: numeric),
    .target(
      name: "SavedModels",
      dependencies: ["Classifiers", "Datasets", "JSON", "LinearAlgebra", "ModelFiles", "Support"],
      swiftSettings: numeric),
    .target(name: "Evaluation", dependencies: ["LinearAlgebra"], swiftSettings: numeric),
    .target(
      name: "Comparison",
      dependencies: [
        "Classifiers", "Datasets", "Evaluation", "JSON", "LinearAlgebra", "ModelFiles",
        "SavedModels", "Support",
      ], swiftSettings: numeric),
    .target(name: "HTML", dependencies: ["Support"], swiftSettings: numeric),
    .target(
      name: "Report",
      dependencies: ["Comparison", "Evaluation", "HTML", "LinearAlgebra", "Support"],
      swiftSettings: numeric),
    .target(
      name: "Comet", dependencies: ["JSON", "Support", "CCurl", "CZip"], swiftSettings: numeric),
    .target(
      name: "ModelRegistry", dependencies: ["Comet", "JSON", "ModelFiles", "Support"]),
    .target(
      name: "PredictionService",
      dependencies: [
        "Classifiers", "Comet", "Datasets", "HTML", "JSON", "LinearAlgebra", "ModelFiles",
        "SavedModels", "Support",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),

    // What a run and a sweep log to Comet, and the registration of a run's best model.
    .target(
      name: "CometLogging",
      dependencies: [
        "Classifiers", "Comet", "Comparison", "Datasets", "Evaluation", "JSON", "ModelFiles",
        "ModelRegistry", "SavedModels", "Support",
      ]),

    // How every program begins and ends; apart from Support, whose users need no command line.
    .target(
      name: "ProgramStart",
      dependencies: [
        "Support", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "compare-models",
      dependencies: [
        "Classifiers", "Comet", "CometLogging", "Comparison", "Datasets", "Evaluation",
        "LinearAlgebra", "ModelFiles", "ModelRegistry", "ProgramStart", "Report", "SavedModels",
        "Support",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "get-models",
      dependencies: [
        "Comet", "ModelFiles", "ModelRegistry", "ProgramStart", "Support",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "diamonds-prediction",
      dependencies: [
        "Comet", "ModelFiles", "ModelRegistry", "PredictionService", "ProgramStart", "Support",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),

    .target(
      name: "TestSupport", dependencies: ["Comet", "Datasets", "LinearAlgebra"],
      path: "Tests/TestSupport"),
    // A local Comet, for tests and for trying things by hand: `swift run comet-stand-in`.
    .target(name: "CometStandIn", path: "Tests/CometStandIn", swiftSettings: numeric),
    .executableTarget(
      name: "comet-stand-in",
      dependencies: [
        "CometStandIn", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/comet-stand-in"),
    .testTarget(
      name: "CometStandInTests", dependencies: ["CometStandIn", "TestSupport"], exclude: ["Golden"]),
    .testTarget(name: "JSONTests", dependencies: ["JSON"]),
    .testTarget(name: "SupportTests", dependencies: ["Support", "TestSupport"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "TestSupport"]),
    // What our CSV scanner is compared with. It ships no pkg-config file; the module map names the library.
    .systemLibrary(
      name: "CCSV", path: "Tests/CCSV", providers: [.apt(["libcsv-dev"]), .brew(["libcsv"])]),
    .testTarget(
      name: "DatasetsTests", dependencies: ["CCSV", "Datasets", "Support", "TestSupport"]),
    .testTarget(
      name: "ClassifiersTests",
      dependencies: [
        "Classifiers", "Datasets", "Evaluation", "LinearAlgebra", "ModelFiles", "Support",
        "TestSupport",
      ], exclude: ["Golden"]),
    .testTarget(
      name: "ModelFilesTests",
      dependencies: [
        "Classifiers", "Datasets", "LinearAlgebra", "ModelFiles", "SavedModels", "TestSupport",
      ]),
    .testTarget(
      name: "SavedModelsTests",
      dependencies: [
        "Classifiers", "Datasets", "LinearAlgebra", "ModelFiles", "SavedModels", "TestSupport",
      ]),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "LinearAlgebra", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "StatisticsTests", dependencies: ["Evaluation", "LinearAlgebra", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "CometTests",
      dependencies: ["Comet", "CometStandIn", "JSON", "Support", "TestSupport"],
      exclude: ["Payloads/requests.json"]),
    .testTarget(
      name: "ModelRegistryTests",
      dependencies: [
        "Classifiers", "Comet", "CometStandIn", "Datasets", "ModelFiles", "ModelRegistry",
        "SavedModels", "TestSupport",
      ]),
    .testTarget(
      name: "ComparisonTests",
      dependencies: [
        "Classifiers", "Comparison", "Datasets", "Evaluation", "LinearAlgebra", "ModelFiles",
        "Support", "TestSupport",
      ], exclude: ["Golden"]),
    .testTarget(
      name: "CometLoggingTests",
      dependencies: [
        "Classifiers", "Comet", "CometLogging", "CometStandIn", "Comparison", "Datasets",
        "Evaluation", "ModelRegistry", "Support", "TestSupport",
      ]),
    .testTarget(name: "HTMLTests", dependencies: ["HTML"]),
    .testTarget(name: "ReportTests", dependencies: ["HTML", "Report"]),
    .testTarget(
      name: "PredictionServiceTests",
      dependencies: [
        "Classifiers", "Comet", "CometStandIn", "Datasets", "JSON", "ModelFiles",
        "PredictionService", "SavedModels", "TestSupport",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "compare-models", "diamonds-prediction", "get-models", "CometStandIn", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + warnings
}

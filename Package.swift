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
    .library(name: "Checksums", targets: ["Checksums"]),
    .library(name: "ModelFiles", targets: ["ModelFiles"]),
    .library(name: "SavedModels", targets: ["SavedModels"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    // Without its default traits, which bring full Foundation.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    // libcsv ships no pkg-config file; its module map names the library to link.
    .systemLibrary(
      name: "CCSV", providers: [.apt(["libcsv-dev"]), .brew(["libcsv"])]),
    // No library, but instructions that only C can name.
    .systemLibrary(name: "CSHA256"),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(
      name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),
    // Exchanging two names in one step, which the headers hide and Swift cannot call.
    .systemLibrary(name: "CRename"),

    .target(name: "JSON", swiftSettings: numeric),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"], swiftSettings: numeric),
    .target(name: "Checksums", dependencies: ["CSHA256"], swiftSettings: numeric),
    .target(
      name: "Datasets", dependencies: ["Checksums", "LinearAlgebra", "CCSV"],
      swiftSettings: numeric),
    .target(name: "Hyperparameters", swiftSettings: numeric),
    .target(
      name: "Classifiers", dependencies: ["Datasets", "Hyperparameters", "LinearAlgebra"],
      swiftSettings: numeric),
    // Without classifiers: get-models links no more than this.
    .target(
      name: "ModelFiles", dependencies: ["Checksums", "Hyperparameters", "JSON"],
      swiftSettings: numeric),
    .target(
      name: "SavedModels",
      dependencies: ["Classifiers", "Datasets", "JSON", "LinearAlgebra", "ModelFiles"],
      swiftSettings: numeric),
    .target(name: "Evaluation", dependencies: ["LinearAlgebra"], swiftSettings: numeric),
    .target(
      name: "Statistics", dependencies: ["Evaluation", "LinearAlgebra"], swiftSettings: numeric),
    .target(
      name: "ModelComparison",
      dependencies: [
        "Classifiers", "Datasets", "Evaluation", "LinearAlgebra", "ModelFiles", "SavedModels",
        "Statistics",
      ], swiftSettings: numeric),
    .target(
      name: "ParameterSweep",
      dependencies: [
        "Classifiers", "Datasets", "Evaluation", "JSON", "ModelComparison", "ModelFiles",
        "Statistics",
      ], swiftSettings: numeric),
    // In Foundation's place in programs for release.
    .target(name: "EssentialFoundation"),
    .target(
      name: "Templates",
      dependencies: ["EssentialFoundation", .product(name: "Mustache", package: "swift-mustache")],
      swiftSettings: numeric),
    .target(
      name: "Report", dependencies: ["Templates"], resources: [.embedInCode("Templates")],
      swiftSettings: numeric),
    .target(name: "Settings"),
    .target(name: "HTTPTransport", dependencies: ["CCurl"]),
    .target(
      name: "Comet", dependencies: ["HTTPTransport", "JSON", "CZip"], swiftSettings: numeric),
    .target(name: "CometAccess", dependencies: ["Comet", "HTTPTransport", "Settings"]),
    .target(
      name: "ModelRegistry",
      dependencies: ["Checksums", "Comet", "CRename", "JSON", "ModelFiles"]),
    .target(
      name: "ProgramStart",
      dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .target(
      name: "BatchPrediction",
      dependencies: ["Classifiers", "Datasets", "LinearAlgebra", "SavedModels"],
      swiftSettings: numeric),
    .executableTarget(
      name: "compare-models",
      dependencies: [
        "ModelComparison", "BatchPrediction", "Checksums", "Classifiers", "Comet", "CometAccess",
        "Datasets", "Evaluation", "HTTPTransport", "JSON", "LinearAlgebra", "ModelFiles",
        "ModelRegistry", "ParameterSweep", "ProgramStart", "Report", "SavedModels", "Settings",
        "Statistics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "get-models",
      dependencies: [
        "Comet", "CometAccess", "HTTPTransport", "ModelFiles", "ModelRegistry", "ProgramStart",
        "Settings", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(
      name: "PredictionService",
      dependencies: [
        "Checksums", "Classifiers", "Datasets", "JSON", "LinearAlgebra", "ModelFiles", "Report",
        "SavedModels", "Templates",
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], resources: [.embedInCode("Templates")]),
    .target(
      name: "CometMonitoring",
      dependencies: [
        "Comet", "PredictionService", .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "diamonds-prediction",
      dependencies: [
        "Comet", "CometAccess", "CometMonitoring", "HTTPTransport", "ModelFiles", "ModelRegistry",
        "PredictionService", "ProgramStart", "Settings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),

    .target(
      name: "TestSupport", dependencies: ["Datasets", "HTTPTransport", "LinearAlgebra"],
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
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "TestSupport"]),
    .testTarget(name: "ChecksumsTests", dependencies: ["Checksums", "TestSupport"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Checksums", "Datasets", "TestSupport"]),
    .testTarget(
      name: "ClassifiersTests",
      dependencies: [
        "Checksums", "Classifiers", "Datasets", "Evaluation", "LinearAlgebra", "TestSupport",
      ],
      exclude: [
        "Golden/diamonds-probabilities.bin", "Golden/diamonds-reference.json",
        "Golden/grown-tree-reference.json", "Golden/make_diamonds_reference.py",
        "Golden/make_grown_tree_reference.py", "Golden/make_naive_bayes_reference.py",
        "Golden/make_tree_reference.py", "Golden/naive-bayes-reference.json",
        "Golden/tree-reference.json",
      ]),
    .testTarget(
      name: "ModelFilesTests",
      dependencies: [
        "Classifiers", "Datasets", "LinearAlgebra", "ModelFiles", "SavedModels", "TestSupport",
      ]),
    .testTarget(
      name: "BatchPredictionTests",
      dependencies: [
        "BatchPrediction", "Classifiers", "Datasets", "LinearAlgebra", "ModelFiles", "SavedModels",
        "TestSupport",
      ]),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "LinearAlgebra", "TestSupport"],
      exclude: [
        "make_metrics_reference.py", "make_report_curves_reference.py", "metrics-reference.json",
        "report-curves-reference.json",
      ]),
    .testTarget(name: "SettingsTests", dependencies: ["Settings", "TestSupport"]),
    .testTarget(name: "HTTPTransportTests", dependencies: ["HTTPTransport", "TestSupport"]),
    .testTarget(
      name: "CometTests",
      dependencies: ["Comet", "CometStandIn", "HTTPTransport", "JSON", "TestSupport"],
      exclude: ["Payloads/requests.json"]),
    .testTarget(
      name: "ModelRegistryTests",
      dependencies: [
        "ModelRegistry", "Classifiers", "Comet", "CometStandIn", "Datasets", "HTTPTransport",
        "ModelFiles", "SavedModels", "TestSupport",
      ]),
    .testTarget(
      name: "StatisticsTests",
      dependencies: ["Statistics", "Evaluation", "LinearAlgebra", "TestSupport"],
      exclude: ["Golden/make_statistics_reference.py", "Golden/statistics-reference.json"]),
    .testTarget(
      name: "ModelComparisonTests",
      dependencies: [
        "ModelComparison", "Checksums", "Classifiers", "Datasets", "Evaluation", "LinearAlgebra",
        "Statistics", "TestSupport",
      ],
      exclude: [
        "Golden/folds-reference.json", "Golden/make_folds_reference.py",
        "Golden/make_permutation_reference.py", "Golden/permutation-reference.json",
      ]),
    .testTarget(
      name: "ParameterSweepTests",
      dependencies: [
        "ParameterSweep", "Classifiers", "Datasets", "Evaluation", "ModelComparison", "TestSupport",
      ]),
    .testTarget(name: "TemplatesTests", dependencies: ["Templates", "TestSupport"]),
    .testTarget(name: "ReportTests", dependencies: ["Report"]),
    .testTarget(
      name: "PredictionServiceTests",
      dependencies: [
        "PredictionService", "Classifiers", "Comet", "CometMonitoring", "CometStandIn", "Datasets",
        "HTTPTransport", "JSON", "ModelFiles", "SavedModels", "TestSupport",
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

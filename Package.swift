// swift-tools-version: 6.2

import PackageDescription

/// Libraries are optimised in debug builds too, each as a whole, so that `swift run compare-models`, which is a
/// debug build, trains as fast as the release build does.
let optimized = SwiftSetting.unsafeFlags(
  ["-O", "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"],
  .when(configuration: .debug))

/// The packages of the modules that are not ours. Package.resolved is not committed: a clone gets the newest mends
/// of these minor versions, and the tests say whether they fit.
let packages = [
  "ArgumentParser": "swift-argument-parser", "HTTPTypes": "swift-http-types",
  "Hummingbird": "hummingbird", "Logging": "swift-log", "NIOCore": "swift-nio",
  "NIOEmbedded": "swift-nio", "NIOHTTP1": "swift-nio", "NIOHTTPTypes": "swift-nio-extras",
  "NIOHTTPTypesHTTP1": "swift-nio-extras", "NIOPosix": "swift-nio",
  "ServiceLifecycle": "swift-service-lifecycle", "UnixSignals": "swift-service-lifecycle",
]

/// - Parameter modules: names with spaces between them.
func imports(_ modules: String) -> [Target.Dependency] {
  modules.split(separator: " ").map(String.init).map { module in
    packages[module].map { .product(name: module, package: $0) } ?? .byName(name: module)
  }
}

extension Target {
  static func c(
    _ name: String, _ pkgConfig: String?, apt: String, brew: String, path: String? = nil
  ) -> Target {
    .systemLibrary(
      name: name, path: path, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
  }

  static func library(_ name: String, _ modules: String = "", path: String? = nil) -> Target {
    .target(name: name, dependencies: imports(modules), path: path, swiftSettings: [optimized])
  }

  static func program(_ name: String, _ modules: String, path: String? = nil) -> Target {
    .executableTarget(name: name, dependencies: imports("ArgumentParser " + modules), path: path)
  }

  static func tests(_ name: String, _ modules: String = "", data: String? = nil) -> Target {
    .testTarget(name: name, dependencies: imports(modules), exclude: data.map { [$0] } ?? [])
  }
}

let targets: [Target] = [
  .c("COpenBLAS", "openblas", apt: "libopenblas-dev", brew: "openblas"),
  .c("CCrypto", "libcrypto", apt: "libssl-dev", brew: "openssl"),
  .c("CCurl", "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"),
  .c("CZip", "libzip", apt: "libzip-dev", brew: "libzip"),

  .library("JSON"),
  .library("Support", "CCrypto"),
  .library("LinearAlgebra", "COpenBLAS Support"),
  .library("Datasets", "LinearAlgebra Support"),
  // Without classifiers: get-models links no more than this.
  .library("ModelFiles", "JSON Support"),
  .library("Classifiers", "Datasets LinearAlgebra ModelFiles Support"),
  .library("SavedModels", "Classifiers Datasets JSON LinearAlgebra ModelFiles Support"),
  .library("Evaluation", "LinearAlgebra Support"),
  .library(
    "Comparison",
    "Classifiers Datasets Evaluation JSON LinearAlgebra ModelFiles SavedModels Support"),
  .library("HTML", "Support"),
  .library("Report", "Comparison Evaluation HTML LinearAlgebra Support"),
  .library("Comet", "CCurl CZip JSON Support"),
  .library("ModelRegistry", "Comet JSON ModelFiles Support"),
  .library(
    "CometLogging",
    "Classifiers Comet Comparison Datasets Evaluation JSON ModelFiles ModelRegistry SavedModels Support"
  ),
  .library(
    "PredictionService",
    "Classifiers Comet Datasets HTML HTTPTypes Hummingbird JSON LinearAlgebra ModelFiles SavedModels Support "
      + "Logging NIOCore NIOHTTP1 NIOHTTPTypes NIOHTTPTypesHTTP1 NIOPosix ServiceLifecycle UnixSignals"
  ),
  // How programs begin and end; apart from Support, whose users need no command line.
  .library("ProgramStart", "ArgumentParser Support"),
  .program(
    "compare-models",
    "Classifiers Comet CometLogging Comparison Datasets Evaluation LinearAlgebra ModelFiles ModelRegistry "
      + "ProgramStart Report SavedModels Support"),
  .program("get-models", "Comet ModelFiles ModelRegistry ProgramStart Support"),
  .program(
    "diamonds-prediction",
    "Comet Logging ModelFiles ModelRegistry NIOCore PredictionService ProgramStart Support"),

  .library("TestSupport", "Comet Datasets LinearAlgebra Support", path: "Tests/TestSupport"),
  .library("TestServer", "NIOCore NIOHTTP1 NIOPosix Support", path: "Tests/TestServer"),
  // A local Comet, for tests and for trying things by hand: `swift run comet-stand-in`.
  .library("CometStandIn", "CZlib NIOHTTP1 Support TestServer", path: "Tests/CometStandIn"),
  .program("comet-stand-in", "CometStandIn", path: "Tests/comet-stand-in"),
  .c("CZlib", "zlib", apt: "zlib1g-dev", brew: "zlib", path: "Tests/CZlib"),
  // What our CSV scanner is compared with. It ships no pkg-config file; the module map names the library.
  .c("CCSV", nil, apt: "libcsv-dev", brew: "libcsv", path: "Tests/CCSV"),
]

var tests: [Target] = [
  .tests("CometTests", data: "Payloads/requests.json"),
  .tests("DatasetsTests", "CCSV"),
  .tests("EndToEndTests", "compare-models diamonds-prediction get-models"),
  .tests(
    "PredictionServiceTests",
    "HTTPTypes Hummingbird Logging NIOCore NIOEmbedded ServiceLifecycle"),
]
for name in ["Classifiers", "CometStandIn", "Comparison", "Evaluation", "Statistics"] {
  tests.append(.tests(name + "Tests", data: "Golden"))
}
for name in [
  "CometLogging", "HTML", "JSON", "LinearAlgebra", "ModelFiles", "ModelRegistry", "Report",
  "SavedModels", "Support",
] {
  tests.append(.tests(name + "Tests"))
}
// Tests may import every library of ours.
for test in tests {
  for library in targets where library.type == .regular {
    test.dependencies.append(.byName(name: library.name))
  }
}

// Comet is a library of its own; the others are for the measuring programs below Benchmarks and Fuzzing.
let libraries = [
  "Comet", "LinearAlgebra", "Datasets", "Classifiers", "Support", "ModelFiles", "SavedModels",
]
let programs = ["compare-models", "get-models", "diamonds-prediction"]
let products: [Product] =
  libraries.map { .library(name: $0, targets: [$0]) }
  + programs.map { .executable(name: $0, targets: [$0]) }

let package = Package(
  name: "compare-models",
  platforms: [.macOS(.v15)],
  products: products,
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.0")),
    .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.0")),
    .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.0")),
    .package(url: "https://github.com/apple/swift-nio-extras", .upToNextMinor(from: "1.35.0")),
    .package(
      url: "https://github.com/swift-server/swift-service-lifecycle", .upToNextMinor(from: "2.13.0")
    ),
    // Without their default traits, which bring full Foundation.
    .package(
      url: "https://github.com/apple/swift-http-types", .upToNextMinor(from: "1.8.0"), traits: []),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", .upToNextMinor(from: "2.28.0"),
      traits: []),
  ],
  targets: targets + tests,
  swiftLanguageModes: [.v6]
)

// `make test` sets this, so that a warning in our code ends the build.
if Context.environment["WARNINGS_AS_ERRORS"] != nil {
  for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
  }
}

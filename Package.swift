// swift-tools-version: 6.2

import PackageDescription

/// Packages and their modules. Package.resolved is not committed: a clone gets the newest fixes of these
/// minor versions, and tests say whether they fit.
let packages: [(path: String, version: Version, modules: String)] = [
  ("apple/swift-argument-parser", "1.8.0", "ArgumentParser"),
  ("apple/swift-http-types", "1.8.0", "HTTPTypes"),
  ("apple/swift-log", "1.16.0", "Logging"),
  ("apple/swift-nio", "2.101.0", "NIOCore NIOEmbedded NIOHTTP1 NIOPosix"),
  ("apple/swift-nio-extras", "1.35.0", "NIOHTTPCompression NIOHTTPTypes NIOHTTPTypesHTTP1"),
  ("hummingbird-project/hummingbird", "2.28.0", "Hummingbird"),
  ("swift-server/swift-service-lifecycle", "2.13.0", "ServiceLifecycle UnixSignals"),
]
/// Their default traits bring full Foundation.
let withoutTraits = ["apple/swift-http-types", "hummingbird-project/hummingbird"]

/// Our libraries, and what each imports. get-models links no classifiers.
let libraries: KeyValuePairs = [
  "JSON": "Support",
  "Support": "CCrypto",
  "ONNX": "Support",
  "LinearAlgebra": "CMemory COpenBLAS Support",
  "Datasets": "CZlib LinearAlgebra Support",
  "ModelFiles": "JSON Support",
  "Classifiers": "CMemory Datasets LinearAlgebra ModelFiles ONNX Support",
  "SavedModels": "Classifiers Datasets JSON LinearAlgebra ModelFiles ONNX Support",
  "Evaluation": "LinearAlgebra Support",
  "Comparison":
    "Classifiers Datasets Evaluation JSON LinearAlgebra ModelFiles ONNX SavedModels Support",
  "HTML": "Support",
  "Report": """
  Classifiers Comparison Evaluation HTML LinearAlgebra ModelFiles SavedModels Support
  """,
  "Comet": "CCurl CZip JSON Support",
  "ModelRegistry": "Comet JSON ModelFiles Support",
  "CometLogging": """
  Classifiers Comet Comparison Datasets Evaluation JSON ModelFiles ModelRegistry SavedModels Support
  """,
  "PredictionService": """
  Classifiers Comet Datasets HTML HTTPTypes Hummingbird JSON LinearAlgebra Logging ModelFiles \
  NIOCore NIOHTTP1 NIOHTTPCompression NIOHTTPTypesHTTP1 NIOPosix SavedModels ServiceLifecycle \
  Support UnixSignals
  """,
  "ProgramStart": "ArgumentParser Support",
  "Tests/TestSupport": "Comet Datasets LinearAlgebra Support",
  "Tests/TestServer": "NIOCore NIOHTTP1 NIOPosix Support",
  "Tests/CometStandIn": "CZlib NIOHTTP1 Support TestServer",
]
let programs: KeyValuePairs = [
  "compare-models": """
  Comet CometLogging Comparison Datasets Evaluation LinearAlgebra ModelFiles ModelRegistry \
  ProgramStart Report SavedModels Support
  """,
  "get-models": "Comet ModelFiles ModelRegistry ProgramStart Support",
  "diamonds-prediction":
    "Comet Logging ModelFiles ModelRegistry NIOCore NIOPosix PredictionService ProgramStart Support",
  "Tests/comet-stand-in": "CometStandIn",
]
let tests = words(
  "Classifiers Comet CometLogging CometStandIn Comparison Datasets EndToEnd Evaluation HTML JSON "
    + "LinearAlgebra ModelFiles ModelRegistry ONNX PredictionService ProgramStart Report SavedModels "
    + "Statistics Support"
)
/// What tests import besides our libraries.
let testImports = [
  "Datasets": "CCSV", "EndToEnd": "compare-models diamonds-prediction get-models",
  "PredictionService": "CZlib HTTPTypes Hummingbird Logging NIOCore NIOEmbedded ServiceLifecycle",
  "ProgramStart": "ArgumentParser",
]
let golden = words("Classifiers CometStandIn Comparison Datasets Evaluation Statistics")

/// Libraries are optimised in debug builds too, so that `swift run` trains as fast as a release.
let flags = words("-O -whole-module-optimization -num-threads 2 -disable-batch-mode")
/// Nothing loads a program as a library: without the names that it would export it is two megabytes smaller.
let noExports = words("-Xlinker --no-export-dynamic")
let onLinux: BuildSettingCondition = .when(platforms: [.linux], configuration: .release)
/// `make test` sets this: a warning in our code ends the build.
let strict: [SwiftSetting] =
  Context.environment["WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }
func folder(_ path: String) -> String? { path.contains("/") ? path : nil }
func imports(_ modules: String) -> [Target.Dependency] {
  words(modules).map { module in
    let package = packages.first { words($0.modules).contains(module) }
    return package.map { .product(name: module, package: name($0.path)) } ?? .byName(name: module)
  }
}

func c(_ path: String, _ library: String?, apt: String, brew: String) -> Target {
  .systemLibrary(
    name: name(path), path: folder(path), pkgConfig: library,
    providers: [.apt([apt]), .brew([brew])])
}

let package = Package(
  name: "compare-models",
  platforms: [.macOS(.v15)],
  // Comet is a product; the others are for Benchmarks and Fuzzing.
  products: words("Comet LinearAlgebra Datasets Classifiers Support ModelFiles SavedModels").map {
    .library(name: $0, targets: [$0])
  },
  dependencies: packages.map { path, version, _ in
    .package(
      url: "https://github.com/" + path, .upToNextMinor(from: version),
      traits: withoutTraits.contains(path) ? [] : [.defaults])
  },
  targets: [
    .systemLibrary(name: "CMemory"),
    c("COpenBLAS", "openblas", apt: "libopenblas-dev", brew: "openblas"),
    c("CCrypto", "libcrypto", apt: "libssl-dev", brew: "openssl"),
    c("CCurl", "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"),
    c("CZip", "libzip", apt: "libzip-dev", brew: "libzip"),
    c("CZlib", "zlib", apt: "zlib1g-dev", brew: "zlib"),
    // The tests' oracle for CSV. It has no pkg-config file; the module map names the library.
    c("Tests/CCSV", nil, apt: "libcsv-dev", brew: "libcsv"),
  ]
    + libraries.map { path, modules in
      .target(
        name: name(path), dependencies: imports(modules), path: folder(path),
        resources: path == "PredictionService" ? [.embedInCode("Pages/style.css")] : [],
        swiftSettings: [.unsafeFlags(flags, .when(configuration: .debug))] + strict)
    }
    + programs.map { path, modules in
      .executableTarget(
        name: name(path), dependencies: imports("ArgumentParser " + modules), path: folder(path),
        swiftSettings: strict, linkerSettings: [.unsafeFlags(noExports, onLinux)])
    }
    + tests.map { subject in
      .testTarget(
        name: subject + "Tests",
        dependencies: libraries.map { .byName(name: name($0.key)) }
          + imports(testImports[subject] ?? ""),
        exclude: (golden.contains(subject) ? ["Golden"] : subject == "Comet" ? ["Payloads"] : [])
          + (subject == "Statistics" ? ["Simulation"] : []),
        swiftSettings: strict)
    },
  swiftLanguageModes: [.v6]
)

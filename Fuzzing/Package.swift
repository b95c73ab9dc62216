// swift-tools-version: 6.2

import PackageDescription

// A package of its own: all of it is built with libFuzzer's instrumentation (`make fuzz-coverage`).
let package = Package(
  name: "fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "compare-models", path: "..")],
  targets: [
    .executableTarget(
      name: "fuzz-models",
      dependencies: [
        .product(name: "LinearAlgebra", package: "compare-models"),
        .product(name: "ModelFiles", package: "compare-models"),
        .product(name: "SavedModels", package: "compare-models"),
      ],
      // libFuzzer has the `main`.
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ],
  swiftLanguageModes: [.v6]
)

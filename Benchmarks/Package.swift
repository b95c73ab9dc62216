// swift-tools-version: 6.2

import PackageDescription

/// The measuring program, in a package of its own so that the main one does not carry it.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "compare-models", path: "..")],
  targets: [
    .executableTarget(
      name: "measure-parts",
      dependencies: [
        .product(name: "Support", package: "compare-models"),
        .product(name: "Classifiers", package: "compare-models"),
        .product(name: "Datasets", package: "compare-models"),
        .product(name: "LinearAlgebra", package: "compare-models"),
        .product(name: "ModelFiles", package: "compare-models"),
        .product(name: "SavedModels", package: "compare-models"),
      ])
  ],
  swiftLanguageModes: [.v6]
)

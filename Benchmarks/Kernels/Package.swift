// swift-tools-version: 6.2

import PackageDescription

/// Times the kernels one by one. They are internal, so this package is built with `-enable-testing`.
let package = Package(
  name: "Kernels",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "compare-models", path: "../..")],
  targets: [
    .executableTarget(
      name: "measure-kernels",
      dependencies: [
        .product(name: "Support", package: "compare-models"),
        .product(name: "Classifiers", package: "compare-models"),
        .product(name: "Datasets", package: "compare-models"),
        .product(name: "LinearAlgebra", package: "compare-models"),
      ])
  ],
  swiftLanguageModes: [.v6]
)

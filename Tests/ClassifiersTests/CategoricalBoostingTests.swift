import Datasets
import LinearAlgebra
import ModelFiles
import TestSupport
import Testing

@testable import Classifiers

@Suite struct `Gradient boosting with categories` {
  /// Four names, of which the first and the third have class 0. Numbers need three splits, sets one.
  @Test func `a node divides names by a set, whatever their order`() throws {
    let data = names((0..<80).map { Double($0 % 4) }) { Int($0) % 2 }
    let sets = try tensors(data, .fromType)
    #expect(sets.leftChildren.count == 3)
    // The names of class 1, whose gradients are lower, go left.
    #expect(sets.leftCategories[0] == BinSet(bytes: [0b1010]))
    #expect(sets.thresholds == [0, 1, 2, 3] && sets.isCategorical == [true])
    let numbers = try tensors(data, nil)
    #expect(numbers.leftChildren.count == 7)
    #expect(numbers.leftCategories.isEmpty && numbers.isCategorical == [false])
  }

  @Test func `a name that training rows lack goes with missing ones`() throws {
    let values: [Double] = (0..<90).map { [0, 2, .nan][$0 % 3] }
    let data = names(values) { $0.isNaN ? 1 : 0 }
    var classifier = HistGradientBoosting()
    classifier.categoricalFeatures = .fromType
    let model = try classifier.fit(data)
    let queries = Matrix(rowCount: 5, columnCount: 1, elements: [0, 1, 2, 3, .nan])
    #expect(model.predictions(for: queries) == [0, 1, 0, 1, 1])
  }

  @Test func `more names than bins are refused, and the feature is named`() throws {
    var classifier = HistGradientBoosting()
    classifier.categoricalFeatures = .fromType
    let data = names((0..<512).map { Double($0 % 256) }) { Int($0) % 2 }
    let error = #expect(throws: FitError.self) { try classifier.fit(data) }
    #expect(error?.description.contains("\"names\": expected at most max_bins = 255") == true)
    #expect(error?.description.contains("found 256") == true)
    classifier.maximumBinCount = 16
    _ = try classifier.fit(names((0..<160).map { Double($0 % 16) }) { Int($0) % 2 })
  }

  @Test func `numbers stay numbers`() throws {
    let data = randomDataset(samples: 400, features: 3, classes: 2, distinctValues: 30, seed: 5)
    var classifier = HistGradientBoosting()
    let usual = try classifier.fit(data)
    classifier.categoricalFeatures = .fromType
    #expect(
      try classifier.fit(data).tensors as? BoostingTensors == usual.tensors as? BoostingTensors)
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `few rows, many rows and any number of threads give the same, to the last bit`(
    seed: UInt64
  ) throws {
    let complete = randomDataset(
      samples: 6000, features: 5, classes: 2 + Int(seed % 3), distinctValues: 40, seed: seed
    ).withCategories([1, 4])
    let data = seed % 2 == 0 ? complete : complete.removingValues(share: 0.1, seed: seed)
    var classifier = HistGradientBoosting(seed: UInt32(seed))
    classifier.categoricalFeatures = .fromType
    classifier.iterationCount = 4
    let alone = try classifier.fit(data, threads: 1)
    let together = try classifier.fit(data, threads: 3)
    #expect(alone.tensors as? BoostingTensors == together.tensors as? BoostingTensors)
    // Few rows walk down the trees, and many look leaves up.
    let few = data.features.rows(Array(0..<900))
    let walked = alone.rawPredictions(for: few, threads: 1)
    alone.prepareForBatches(threads: 1)
    #expect(alone.rawPredictions(for: few, threads: 1) == walked)
  }

  private func tensors(
    _ data: Dataset, _ categorical: CategoricalFeatures?
  ) throws -> BoostingTensors {
    var classifier = HistGradientBoosting()
    classifier.categoricalFeatures = categorical
    classifier.iterationCount = 1
    return try #require(try classifier.fit(data).tensors as? BoostingTensors)
  }

  /// One feature of names.
  private func names(_ codes: [Double], label: (Double) -> Int) -> Dataset {
    Dataset(
      features: Matrix(rowCount: codes.count, columnCount: 1, elements: codes),
      labels: codes.map(label), featureNames: ["names"], classNames: ["a", "b"],
      categoricalFeatures: [0])
  }
}

import Classifiers
import Datasets
import LinearAlgebra
import TestSupport
import Testing

/// Faster ways to predict shuffled rows, against predicting each whole row.
@Suite struct `Shuffled rows` {
  @Test(arguments: Algorithm.allCases, [(2, 3), (3, 12), (5, 40)])
  func `have the labels that whole rows have`(
    algorithm: Algorithm, shape: (classes: Int, distinctValues: Int)
  ) throws {
    for seed in 0..<3 as Range<UInt64> {
      let dataset = randomDataset(
        samples: 300, features: 5, classes: shape.classes, distinctValues: shape.distinctValues,
        seed: seed)
      try expectSame(algorithm.classifier(seed: 1), dataset, "seed \(seed)")
    }
  }

  @Test(arguments: Algorithm.allCases, [0, 1e-9, 0.05, 0.25, 1.0 / 3, 0.5, 0.9, 1 - 0x1p-53, 1])
  func `have the labels that a threshold gives whole rows`(algorithm: Algorithm, threshold: Double)
    throws
  {
    let dataset = randomDataset(
      samples: 300, features: 5, classes: 2, distinctValues: 6, seed: 7)
    try expectSame(algorithm.classifier(seed: 1), dataset, "", threshold: threshold)
  }

  /// Missing values lead trees to sides of their own.
  @Test(arguments: Algorithm.allCases.filter { type(of: $0.classifier(seed: 1)).acceptsMissing })
  func `have the labels that whole rows with missing values have`(algorithm: Algorithm) throws {
    for seed in 0..<4 as Range<UInt64> {
      let dataset = randomDataset(
        samples: 300, features: 5, classes: 3, distinctValues: 8, seed: seed
      ).removingValues(share: 0.2, seed: seed)
      try expectSame(algorithm.classifier(seed: 1), dataset, "seed \(seed)")
    }
  }

  /// Columns of zeros and ones, most of which a tree does not meet.
  @Test(arguments: Algorithm.allCases)
  func `have the labels that whole rows of many columns have`(algorithm: Algorithm) throws {
    let dataset = randomDataset(
      samples: 200, features: 60, classes: 2, distinctValues: 2, seed: 3)
    try expectSame(algorithm.classifier(seed: 1), dataset, "")
  }

  /// Shallow trees have impure leaves, and an even number of trees ties.
  @Test(arguments: [1, 2, 4, 10, 300])
  func `have the labels that whole rows have with forests of impure leaves`(trees: Int) throws {
    var forest = RandomForest(seed: 1)
    forest.treeCount = trees
    forest.parameters.maximumDepth = 3
    for classes in [2, 4] {
      let dataset = randomDataset(
        samples: 300, features: 4, classes: classes, distinctValues: 5, seed: 5)
      try expectSame(forest, dataset, "\(classes) classes")
    }
  }

  @Test func `of a part of the rows have the labels that they have among all`() throws {
    let dataset = randomDataset(
      samples: 300, features: 5, classes: 3, distinctValues: 9, seed: 2)
    let model = try RandomForest(seed: 1).fit(dataset)
    let orders = self.orders(300)
    let own = model.predictions(for: dataset.features)
    func labels(_ rows: Range<Int>) -> [Int32] {
      model.labels(
        of: ShuffledRows(dataset.features, orders: orders, labels: own, rows: rows), threshold: nil,
        threads: 2)
    }
    let all = labels(0..<300)
    let part = labels(37..<251)
    for value in 0..<5 * orders.count {
      #expect(
        Array(part[value * 214..<(value + 1) * 214])
          == Array(all[value * 300 + 37..<value * 300 + 251]))
    }
  }

  private func orders(_ count: Int) -> [[Int]] {
    [(0..<count).map { ($0 * 7 + 3) % count }, (0..<count).reversed(), Array(0..<count)]
  }

  private func expectSame(
    _ classifier: some Classifier, _ dataset: Dataset, _ comment: String,
    threshold: Double? = nil
  ) throws {
    let model = try classifier.fit(dataset)
    let features = dataset.features
    let orders = self.orders(features.rowCount)
    let own = model.probabilities(for: features).predictedLabels(threshold: threshold)
    let found = model.labels(
      of: ShuffledRows(features, orders: orders, labels: own, rows: 0..<features.rowCount),
      threshold: threshold, threads: 2)
    var expected: [Int32] = []
    for feature in 0..<features.columnCount {
      for order in orders {
        var shuffled = features
        for (row, other) in order.enumerated() { shuffled[row, feature] = features[other, feature] }
        expected += model.probabilities(for: shuffled).predictedLabels(threshold: threshold).map {
          Int32($0)
        }
      }
    }
    #expect(found == expected, "\(comment)")
  }
}

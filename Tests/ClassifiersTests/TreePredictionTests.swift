import Classifiers
import Datasets
import LinearAlgebra
import TestSupport
import Testing

/// Many rows are predicted by another way than few: with coded trees, in another order, several at once.
@Suite struct `Tree prediction` {
  /// Features up to where codes have no more bits for them, and beyond; rows that fill blocks and that do
  /// not.
  @Test(arguments: [(1, 2048), (4, 2049), (9, 4097), (15, 2303), (16, 2050), (20, 2100)])
  func `a forest predicts many rows as it predicts each alone`(features: Int, rows: Int) throws {
    for (classes, missing) in [(2, 0), (3, 0), (5, 0), (2, 0.1), (3, 0.6)] {
      let complete = randomDataset(
        samples: 300, features: features, classes: classes, distinctValues: 40,
        seed: UInt64(features))
      let training = missing > 0 ? complete.removingValues(share: missing, seed: 1) : complete
      let model = try RandomForest(treeCount: 12, seed: 3).fit(training)
      let queries = oddQueries(rows: rows, features: features, seed: UInt64(rows + classes))
      let together = model.probabilities(for: queries, threads: 2)
      for row in stride(from: 0, to: rows, by: 7) {
        let alone = model.probabilities(for: queries.rows([row]), threads: 1)
        #expect(
          together.row(row).elementsEqual(alone.row(0)),
          "row \(row) of \(rows), \(features) features, \(classes) classes, \(missing) missing")
        let single = model.probabilities(of: Array(queries.row(row)))
        #expect(together.row(row).elementsEqual(single), "row \(row) of \(rows) by itself")
      }
    }
  }

  /// Trees so wide that the way to a child takes more bits.
  @Test func `a forest with wide links predicts many rows as it predicts each alone`() throws {
    let training = randomDataset(
      samples: 20_000, features: 3, classes: 2, distinctValues: 1_000_000, seed: 5)
    let forest = RandomForest(treeCount: 4, seed: 3)
    let model = try forest.fit(training)
    let trees = try forest.trees(grownFrom: training, threads: 2)
    #expect(trees.allSatisfy { $0.nodeCount > 8_000 })
    let together = model.probabilities(for: training.features, threads: 2)
    for row in stride(from: 0, to: training.sampleCount, by: 101) {
      let alone = model.probabilities(for: training.features.rows([row]), threads: 1)
      #expect(together.row(row).elementsEqual(alone.row(0)), "row \(row)")
    }
  }

  @Test func `a tree without a split predicts its only leaf for every row`() throws {
    let training = Dataset(
      features: Matrix(rowCount: 4, columnCount: 2, repeating: 1), labels: [0, 1, 1, 1],
      featureNames: ["a", "b"], classNames: ["no", "yes"])
    let model = try DecisionTree().fit(training)
    let shares = model.probabilities(for: oddQueries(rows: 3000, features: 2, seed: 1), threads: 2)
    #expect(shares.elements == (0..<3000).flatMap { _ in [0.25, 0.75] })
  }

  /// Values that thresholds lie between, thresholds themselves, and what is no usual number.
  private func oddQueries(rows: Int, features: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    let odd = [Double.nan, .infinity, -.infinity, -0.0, 1e30, -1e30, 1e-40]
    let elements = (0..<rows * features).map { _ in
      Int.random(in: 0..<50, using: &generator) == 0
        ? odd[Int.random(in: 0..<odd.count, using: &generator)]
        : Double(Int.random(in: -8..<180, using: &generator)) / 16
    }
    return Matrix(rowCount: rows, columnCount: features, elements: elements)
  }
}

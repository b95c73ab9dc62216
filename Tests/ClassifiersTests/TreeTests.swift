import Classifiers
import Datasets
import LinearAlgebra
import TestSupport
import Testing

@Suite struct `Decision tree` {
  @Test func `a table with one clean cut becomes one split halfway between the values`() throws {
    // Values 1, 2 are class 0 and 5, 9 are class 1: the cut stands at (2 + 5) / 2 = 3.5.
    let dataset = table([[1], [2], [5], [9]], labels: [0, 0, 1, 1])
    let tree = try DecisionTree().fit(dataset).tree
    #expect(tree.features == [0, Tree.noFeature, Tree.noFeature])
    #expect(tree.thresholds == [3.5, -2, -2])
    // Gini of the root: 1 − (1/2)² − (1/2)² = 0.5; both leaves are pure.
    #expect(tree.impurities == [0.5, 0, 0])
    #expect(tree.classShares == [0.5, 0.5, 1, 0, 0, 1])
    #expect(tree.depth == 1)
  }

  @Test func `a tree treats values closer than 1e-7 as equal`() throws {
    let dataset = table([[0], [0.00000005], [1], [1.00000001]], labels: [0, 1, 0, 1])
    let tree = try DecisionTree().fit(dataset).tree
    #expect(tree.nodeCount <= 3)
    #expect(tree.thresholds.allSatisfy { $0 == -2 || abs($0 - 0.5) < 1e-6 })
  }

  @Test func `a tree treats negative zero and zero as equal`() throws {
    let tree = try DecisionTree().fit(table([[-0.0], [0.0]], labels: [0, 1])).tree
    #expect(tree.nodeCount == 1)
  }

  /// Columns are coded in one way up to 2¹⁴ distinct values, in another beyond.
  @Test(arguments: [1, 255, 16_384, 16_385, 40_000])
  func `a tree distinguishes all values, however many there are`(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let order = (0..<2 * count).shuffled(using: &generator)
    // Every value twice, below zero and above; its neighbours are of the other class.
    let values = order.map { Double($0 / 2 - count / 2) / 4 }
    let labels = order.map { $0 / 2 % 2 }
    let dataset = table(values.map { [$0] }, labels: labels)
    let tree = try DecisionTree().fit(dataset).tree
    #expect(tree.nodeCount == 2 * count - 1)
    let thresholds = zip(tree.features, tree.thresholds).filter { $0.0 != Tree.noFeature }.map(\.1)
    let between = (0..<count - 1).map { (Double($0 - count / 2) + 0.5) / 4 }
    #expect(thresholds.sorted() == between)
  }

  @Test(arguments: 1...30)
  func `the first split of a tree is the best of all splits`(seed: Int) throws {
    let dataset = randomDataset(
      samples: 80, features: 4, classes: 2 + seed % 4, distinctValues: 3 + seed % 20,
      seed: UInt64(seed))
    let tree = try DecisionTree(seed: UInt32(seed)).fit(dataset).tree
    let best = bestDecrease(of: dataset)
    guard tree.nodeCount > 1 else {
      #expect(best == nil, "seed \(seed)")
      return
    }
    let left = Int(tree.leftChildren[0])
    let right = Int(tree.rightChildren[0])
    let decrease =
      tree.weights[0] * tree.impurities[0] - tree.weights[left] * tree.impurities[left]
      - tree.weights[right] * tree.impurities[right]
    #expect(abs(decrease - (best ?? .infinity)) < 1e-9, "seed \(seed)")
  }

  @Test(arguments: 1...10)
  func `the leaves of a tree hold the samples that reach them`(seed: Int) throws {
    let dataset = randomDataset(
      samples: 150, features: 3, classes: 3, distinctValues: 9, seed: UInt64(seed))
    var classifier = DecisionTree(seed: UInt32(seed))
    classifier.parameters.minimumLeafSize = .count(5)
    let tree = try classifier.fit(dataset).tree
    var reached = [Int](repeating: 0, count: tree.nodeCount)
    for sample in 0..<dataset.sampleCount {
      var node = 0
      reached[0] += 1
      while tree.features[node] != Tree.noFeature {
        let value = Float(dataset.features[sample, Int(tree.features[node])])
        let left = Double(value) <= tree.thresholds[node]
        node = Int(left ? tree.leftChildren[node] : tree.rightChildren[node])
        reached[node] += 1
      }
    }
    #expect(reached == tree.sampleCounts.map(Int.init), "seed \(seed)")
    #expect(tree.sampleCounts.allSatisfy { $0 >= 5 }, "seed \(seed)")
  }

  /// The words that mark touched cells were once read one too far where the cells filled them to the last
  /// bit, which overwrote memory that was others'.
  @Test(arguments: [64, 128, 240, 256, 320])
  func `trees grow on counting tables that fill their last word`(rows: Int) throws {
    let dataset = randomDataset(
      samples: rows, features: 3, classes: 4, distinctValues: 1_000_000, seed: UInt64(rows))
    let trees = try RandomForest(treeCount: 20, seed: 1).trees(grownFrom: dataset, threads: 1)
    #expect(trees.allSatisfy { $0.nodeCount > 1 })
  }

  private func table(_ rows: [[Double]], labels: [Int]) -> Dataset {
    Dataset(
      features: Matrix(
        rowCount: rows.count, columnCount: rows[0].count, elements: rows.flatMap(\.self)),
      labels: labels, featureNames: rows[0].indices.map { "feature \($0)" },
      classNames: ["a", "b"])
  }

  /// The largest decrease of weighted Gini impurity over every feature and threshold, recounted from
  /// scratch for each.
  private func bestDecrease(of dataset: Dataset) -> Double? {
    func cost(_ labels: [Int]) -> Double {
      let counts = (0..<dataset.classCount).map { label in
        Double(labels.filter { $0 == label }.count)
      }
      let total = counts.reduce(0, +)
      return total - counts.reduce(0) { $0 + $1 * $1 } / total
    }
    let whole = cost(dataset.labels)
    guard whole > 1e-12 else { return nil }
    var best: Double?
    for feature in 0..<dataset.featureCount {
      let values = (0..<dataset.sampleCount).map { dataset.features[$0, feature] }
      for cut in Set(values).sorted().dropLast() {
        let left = dataset.labels.indices.filter { values[$0] <= cut }.map { dataset.labels[$0] }
        let right = dataset.labels.indices.filter { values[$0] > cut }.map { dataset.labels[$0] }
        best = max(best ?? -.infinity, whole - cost(left) - cost(right))
      }
    }
    return best
  }
}

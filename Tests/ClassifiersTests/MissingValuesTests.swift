import Classifiers
import Datasets
import LinearAlgebra
import TestSupport
import Testing

@Suite struct `Missing values` {
  /// The classes differ only in whether they have the value.
  @Test func `a split can separate samples that have a feature from those that lack it`() throws {
    let model = try DecisionTree().fit(data([1, 2, .nan, .nan], labels: [0, 0, 1, 1]))
    #expect(model.tree.thresholds == [.infinity, -2, -2])
    #expect(model.tree.missingGoesLeft == [false, false, false])
    #expect(labels(model, of: [-1e30, 5, 1e30, .nan]) == [0, 0, 0, 1])
  }

  /// Below 1.5 is class 1; with the missing value on the left both sides are pure, on the right neither.
  @Test func `missing values go to the side that makes the split better`() throws {
    let model = try DecisionTree().fit(data([1, 2, 3, .nan], labels: [1, 0, 0, 1]))
    #expect(model.tree.thresholds == [1.5, -2, -2])
    #expect(model.tree.missingGoesLeft == [true, false, false])
    #expect(labels(model, of: [1, 2, .nan]) == [1, 0, 1])
  }

  /// Of 2, 2 and 1 samples on the left, out of 3, 4 and 3.
  @Test(arguments: [
    ([1.0, 2, 3], [0, 0, 1], true), ([1, 2, 3, 4], [0, 0, 1, 1], false),
    ([1, 2, 3], [0, 1, 1], false),
  ])
  func `where no sample of a node lacks a feature, rows that do go with the larger side`(
    values: [Double], classes: [Int], goesLeft: Bool
  ) throws {
    let model = try DecisionTree().fit(data(values, labels: classes, expectsMissing: true))
    #expect(model.tree.missingGoesLeft == [goesLeft, false, false])
    #expect(labels(model, of: [.nan]) == [goesLeft ? 0 : 1])
  }

  @Test func `a feature that no sample has is constant`() throws {
    let features = Matrix(
      rowCount: 4, columnCount: 2, elements: [.nan, 1, .nan, 2, .nan, 3, .nan, 4])
    let dataset = Dataset(
      features: features, labels: [0, 0, 1, 1], featureNames: ["a", "b"], classNames: ["x", "y"])
    let tree = try DecisionTree().fit(dataset).tree
    #expect(tree.features == [1, -2, -2])
    let alone = try DecisionTree().fit(data([.nan, .nan, .nan], labels: [0, 1, 1])).tree
    #expect(alone.nodeCount == 1)
  }

  /// The only threshold sends all samples with a value left; half of the seeds send the others left too, which is no
  /// split.
  @Test(arguments: [Criterion.gini, .entropy], [nil, ClassWeight.weights([1, 1])])
  func `a random threshold never leaves a side empty`(
    criterion: Criterion, weights: ClassWeight?
  ) throws {
    var nodeCounts: Set<Int> = []
    for seed in 0..<20 as Range<UInt32> {
      var classifier = DecisionTree(seed: seed)
      classifier.splitter = .random
      classifier.parameters.criterion = criterion
      if let weights { classifier.parameters.classWeight = weights }
      let tree = try classifier.fit(data([1, 1, .nan, .nan], labels: [0, 0, 1, 1])).tree
      #expect(tree.nodeCount == 1 || tree.sampleCounts == [4, 2, 2], "seed \(seed)")
      nodeCounts.insert(tree.nodeCount)
    }
    #expect(nodeCounts == [1, 3])
  }

  /// Class weights of one are whole, but use the splitter that sorts.
  @Test func `counting and sorting find the same splits`() throws {
    for seed in 0..<40 as Range<UInt64> {
      let dataset = randomDataset(
        samples: [30, 200, 900][Int(seed) % 3], features: 4, classes: 2 + Int(seed) % 4,
        distinctValues: [5, 60, 3000][Int(seed / 3) % 3], seed: seed
      ).removingValues(share: 0.3, seed: seed)
      for criterion in Criterion.allCases {
        for splitter in Splitter.allCases {
          var classifier = DecisionTree(seed: UInt32(seed))
          classifier.splitter = splitter
          classifier.parameters.criterion = criterion
          classifier.parameters.minimumLeafSize = .count(1 + Int(seed) % 5)
          let counted = try classifier.fit(dataset).tree
          classifier.parameters.classWeight = .weights(
            [Double](repeating: 1, count: dataset.classCount))
          #expect(try classifier.fit(dataset).tree == counted, "seed \(seed), \(criterion)")
        }
      }
    }
  }

  @Test func `trees that know no missing values do not say where they go`() throws {
    let model = try DecisionTree().fit(data([1, 2, 3], labels: [0, 1, 1]))
    #expect(model.tree.missingGoesLeft == nil)
  }

  private func data(
    _ values: [Double], labels: [Int], expectsMissing: Bool = false
  ) -> Dataset {
    Dataset(
      features: Matrix(rowCount: values.count, columnCount: 1, elements: values), labels: labels,
      featureNames: ["a"], classNames: ["x", "y"], expectsMissing: expectsMissing)
  }

  private func labels(_ model: DecisionTreeModel, of values: [Double]) -> [Int] {
    model.predictions(for: Matrix(rowCount: values.count, columnCount: 1, elements: values))
  }
}

import Datasets
import LinearAlgebra
import ModelFiles
import TestSupport
import Testing

@testable import Classifiers

@Suite struct `Gradient boosting` {
  /// One split at 2.5 in each round; the classes are even, so that the first logit is 0, the gradients are ∓½ and the
  /// hessians ¼: a leaf's value is ±(20 · ½) / (20 · ¼) = ±2, times the learning rate.
  @Test func `the first tree takes a step towards the classes`() throws {
    var classifier = HistGradientBoosting()
    classifier.iterationCount = 1
    classifier.learningRate = 0.5
    let model = try classifier.fit(column([1, 2, 3, 4].flatMap { repeatElement($0, count: 10) }))
    let tensors = try #require(model.tensors as? BoostingTensors)
    #expect(tensors.thresholds == [1.5, 2.5, 3.5])
    #expect(tensors.baseline == [0])
    #expect(tensors.bins == [1, 0, 0])
    #expect(tensors.counts == [40, 20, 20])
    #expect(tensors.leafValues.allSatisfy { abs(abs($0) - 1) < 1e-12 })
    let raw = model.rawPredictions(
      for: Matrix(rowCount: 2, columnCount: 1, elements: [0, 9]), threads: 1)
    #expect(abs(raw[0, 0] + 1) < 1e-12 && abs(raw[1, 0] - 1) < 1e-12)
    let losses = try #require(model.lossCurve).training
    #expect(losses.count == 2 && losses[0] > losses[1])
  }

  @Test func `a missing value goes where it was in training`() throws {
    let values = (0..<80).map { $0 % 2 == 0 ? Double.nan : Double($0) }
    let data = Dataset(
      features: Matrix(rowCount: 80, columnCount: 1, elements: values),
      labels: values.map { $0.isNaN ? 1 : 0 }, featureNames: ["x"], classNames: ["a", "b"])
    let model = try HistGradientBoosting().fit(data)
    let queries = Matrix(rowCount: 3, columnCount: 1, elements: [.nan, -1e9, 1e9])
    #expect(model.predictions(for: queries) == [1, 0, 0])
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `any number of threads gives the same trees, to the last bit`(seed: UInt64) throws {
    let complete = randomDataset(
      samples: 12_000, features: 1 + Int(seed % 9), classes: 2 + Int(seed % 3),
      distinctValues: 400, seed: seed)
    let data = seed % 2 == 0 ? complete : complete.removingValues(share: 0.1, seed: seed)
    var classifier = HistGradientBoosting(seed: UInt32(seed))
    classifier.iterationCount = 4
    classifier.candidateShare = seed % 3 == 0 ? 0.5 : 1
    let alone = try classifier.fit(data, threads: 1)
    for threads in [3, 8] {
      let together = try classifier.fit(data, threads: threads)
      #expect(alone.tensors as? BoostingTensors == together.tensors as? BoostingTensors)
      #expect(alone.lossCurve == together.lossCurve)
    }
  }

  @Test func `rounds end early when the loss of the rows held out no longer decreases`() throws {
    let data = randomDataset(
      samples: 600, features: 3, classes: 2, distinctValues: 60, seed: 3)
    var classifier = HistGradientBoosting()
    classifier.earlyStopping = .always
    classifier.patience = 4
    classifier.learningRate = 1
    let model = try classifier.fit(data)
    let losses = try #require(model.lossCurve?.heldOut)
    #expect(model.roundCount < 100 && losses.count == model.roundCount + 1)
    let best = try #require(losses.dropLast(4).last)
    #expect(losses.suffix(4).allSatisfy { $0 >= best - 1e-7 })
  }

  @Test func `rows that cannot be held out are refused, and what to do is said`() throws {
    var classifier = HistGradientBoosting()
    classifier.earlyStopping = .always
    let single = column(
      Array(0..<40).map(Double.init), labels: [1] + [Int](repeating: 0, count: 39))
    let error = #expect(throws: FitError.self) { try classifier.fit(single) }
    #expect(error?.description.contains("at least 2 of class \"b\", found 1") == true)
    classifier.validation = .count(40)
    let all = #expect(throws: FitError.self) {
      try classifier.fit(column((0..<40).map(Double.init)))
    }
    #expect(all?.description.contains("holds out 40 of 40 rows") == true)
    #expect(all?.description.contains("early_stopping") == true)
  }

  @Test func `a class without a sample is never predicted`() throws {
    let values = (0..<90).map { Double($0) }
    let data = Dataset(
      features: Matrix(rowCount: 90, columnCount: 1, elements: values),
      labels: values.map { [0, 2, 3][Int($0) / 30] }, featureNames: ["x"],
      classNames: ["a", "b", "c", "d"])
    let shares = try HistGradientBoosting().fit(data).probabilities(for: data.features)
    #expect((0..<90).allSatisfy { shares[$0, 1] == 0 })
    #expect(shares.rowArgMax() == data.labels)
  }

  @Test func `values beyond what bins know fall into the first and the last bin`() throws {
    let data = column([-1e308, -1, 0, 1, 1e308].flatMap { repeatElement($0, count: 20) })
    let model = try HistGradientBoosting().fit(data)
    let queries = Matrix(
      rowCount: 4, columnCount: 1, elements: [-1.7e308, -1e308, 1e308, 1.7e308])
    let raw = model.rawPredictions(for: queries, threads: 1).elements
    #expect(raw[0] == raw[1] && raw[2] == raw[3])
  }

  @Test func `features are drawn as by numpy's default generator`() {
    for draw in `Gradient boosting, as by scikit-learn 1.9.1`.reference.draws {
      var flags = (0..<19).map { $0 < 7 }
      var generator = PermutedCongruential(seed: draw.seed)
      generator.shuffle(&flags)
      #expect(flags == draw.shuffled)
    }
  }

  @Test func `rows are held out as by scikit-learn's stratified split`() {
    for draw in `Gradient boosting, as by scikit-learn 1.9.1`.reference.draws {
      let parts = StratifiedSplit(testCount: 22, seed: draw.seed)
        .positions(labels: draw.labels, classCount: 4)
      #expect(parts.training == draw.training && parts.test == draw.test)
    }
  }

  /// One feature; the lower half of the samples has class 0 unless labels are given.
  private func column(_ values: [Double], labels: [Int]? = nil) -> Dataset {
    Dataset(
      features: Matrix(rowCount: values.count, columnCount: 1, elements: values),
      labels: labels ?? values.indices.map { 2 * $0 < values.count ? 0 : 1 }, featureNames: ["x"],
      classNames: ["a", "b"])
  }
}

import Classifiers
import Datasets
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct `Logistic regression` {
  /// Rows of one feature as (value, label, how many).
  private func table(_ rows: [(Double, Int, Int)], classes: Int = 2) -> Dataset {
    let all = rows.flatMap { row in (0..<row.2).map { _ in (row.0, row.1) } }
    return Dataset(
      features: Matrix(rowCount: all.count, columnCount: 1, elements: all.map(\.0)),
      labels: all.map(\.1), featureNames: ["x"],
      classNames: (0..<classes).map { "class \($0)" })
  }

  private func unpenalised() -> LogisticRegression {
    var classifier = LogisticRegression()
    classifier.penalty = nil
    return classifier
  }

  @Test func `without a penalty a feature of two values gives each its own share`() throws {
    // x = 0: 3 of 12 are of the second class, log-odds log(1/3). x = 1: 8 of 10, log-odds log 4.
    let model = try unpenalised().fit(
      table([(0, 0, 9), (0, 1, 3), (1, 0, 2), (1, 1, 8)]), threads: 1)
    let found = try #require(model.coefficients)
    #expect(found.map(\.feature) == [0, nil] && found.allSatisfy { $0.label == 1 })
    #expect(abs(found[0].value - (log(4) - log(1 / 3.0))) < 1e-12)
    #expect(abs(found[1].value - log(1 / 3.0)) < 1e-12)
    // Variances of log-odds: 1 / (n·p·q) = 1 / (12 · ¼ · ¾) and 1 / (10 · 0.8 · 0.2), and their sum for the difference.
    let errors = found.map { $0.standardError ?? 0 }
    #expect(abs(errors[0] - (12 / 27.0 + 1 / 1.6).squareRoot()) < 1e-12)
    #expect(abs(errors[1] - (12 / 27.0).squareRoot()) < 1e-12)
    #expect(model.notice == nil)
  }

  @Test func `without a feature that varies the classes have the shares of their rows`() throws {
    let model = try unpenalised().fit(table([(0, 0, 1), (0, 1, 2), (0, 2, 5)], classes: 3))
    let shares = model.probabilities(of: [0])
    #expect(zip(shares, [0.125, 0.25, 0.625]).allSatisfy { abs($0 - $1) < 1e-12 })
    let found = try #require(model.coefficients)
    // The data leave the coefficients of a constant column open, and those of the classes sum to zero.
    let slopes = found.filter { $0.feature == 0 }
    let intercepts = found.filter { $0.feature == nil }
    #expect(slopes.allSatisfy { $0.value == 0 && $0.standardError == nil })
    #expect(abs(intercepts.reduce(0) { $0 + $1.value }) < 1e-12)
  }

  /// The gradient by feature and class, with those of the intercepts last, the slow way.
  private func gradient(
    _ model: LogisticRegressionModel, _ dataset: Dataset, strength: Double
  ) -> [Double] {
    let shares = model.probabilities(for: dataset.features)
    return (model.coefficients ?? []).map { one in
      var sum = one.feature == nil ? 0 : strength * one.value
      for row in 0..<dataset.sampleCount {
        let rest = shares[row, one.label] - (dataset.labels[row] == one.label ? 1 : 0)
        sum += rest * (one.feature.map { dataset.features[row, $0] } ?? 1)
      }
      return sum
    }
  }

  @Test(arguments: 0..<40) func `the gradient is zero where the fit ends`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let dataset = randomDataset(
      samples: Int.random(in: 30...400, using: &generator),
      features: Int.random(in: 1...6, using: &generator),
      classes: Int.random(in: 2...5, using: &generator), distinctValues: 12, seed: seed)
    var classifier = LogisticRegression()
    classifier.inversePenalty = [0.01, 1, 100].randomElement(using: &generator) ?? 1
    classifier.fitsIntercept = Bool.random(using: &generator)
    let model = try classifier.fit(dataset, threads: 2)
    let rest = gradient(model, dataset, strength: 1 / classifier.inversePenalty)
    #expect(rest.allSatisfy { abs($0) < 1e-8 }, "seed \(seed): \(rest)")
    #expect(model.notice == nil)
  }

  @Test(arguments: 0..<6) func `many rows end at the optimum, also if they are in order`(
    seed: UInt64
  ) throws {
    let random = randomDataset(
      samples: 20_000, features: 3, classes: 2 + Int(seed % 3), distinctValues: 40, seed: seed)
    let ascending = random.labels.indices.sorted { random.labels[$0] < random.labels[$1] }
    let dataset = random.samples(at: seed < 3 ? ascending : Array(random.labels.indices))
    var classifier = LogisticRegression()
    classifier.inversePenalty = [0.001, 1, 1e6][Int(seed % 3)]
    let model = try classifier.fit(dataset, threads: 2)
    let rest = gradient(model, dataset, strength: 1 / classifier.inversePenalty)
    #expect(rest.allSatisfy { abs($0) < 1e-6 }, "\(rest)")
    #expect(model.notice == nil)
  }

  @Test func `more variables than a Hessian is good for end at the same optimum`() throws {
    // 16 classes times 101 variables.
    let dataset = randomDataset(
      samples: 300, features: 100, classes: 16, distinctValues: 9, seed: 3)
    let model = try LogisticRegression().fit(dataset, threads: 2)
    #expect(gradient(model, dataset, strength: 1).allSatisfy { abs($0) < 1e-5 })
    #expect(model.coefficients?.allSatisfy { $0.standardError == nil } == true)
    #expect(model.notice == nil)
  }

  @Test(arguments: [(2, 6), (3, 6), (16, 101)])
  func `thousands of rows give the same bits on any number of threads`(
    classes: Int, features: Int
  ) throws {
    let dataset = randomDataset(
      samples: features > 50 ? 1_500 : 6_000, features: features, classes: classes,
      distinctValues: 40, seed: 9)
    var classifier = LogisticRegression()
    classifier.maximumIterations = features > 50 ? 1 : 100
    let bits = try [1, 2, 5].map { threads in
      try classifier.fit(dataset, threads: threads).coefficients?.map(\.value.bitPattern)
    }
    #expect(bits[0] == bits[1] && bits[0] == bits[2])
  }

  @Test func `classes that can be told apart are told apart by finite coefficients, which is said`()
    throws
  {
    let rows = table([(-2, 0, 5), (-1, 0, 5), (1, 1, 5), (2, 1, 5)])
    let model = try unpenalised().fit(rows)
    #expect(model.notice?.contains("without a mistake") == true)
    let found = try #require(model.coefficients)
    #expect(found.allSatisfy { abs($0.value) < 50 && $0.standardError == nil })
    #expect(model.predictions(for: rows.features) == rows.labels)
    #expect(try LogisticRegression().fit(rows).notice == nil)
  }

  @Test func `a direction without an optimum is ended, which is said`() throws {
    // All rows with x = 1 are of the second class; of the others both are.
    let model = try unpenalised().fit(table([(0, 0, 10), (0, 1, 6), (1, 1, 4)]))
    #expect(model.notice?.contains("some would grow without end") == true)
    #expect(abs(model.probabilities(of: [0])[1] - 0.375) < 1e-6)
    #expect(model.probabilities(of: [1])[1] > 0.9999)
  }

  @Test func `too few steps are said`() throws {
    var classifier = LogisticRegression()
    classifier.maximumIterations = 1
    let model = try classifier.fit(table([(0, 0, 9), (0, 1, 3), (1, 0, 2), (1, 1, 8)]))
    #expect(model.notice?.contains("raise max_iter") == true)
  }

  @Test func `a column that repeats another shares its coefficient and changes no probability`()
    throws
  {
    let single = randomDataset(samples: 200, features: 2, classes: 2, distinctValues: 30, seed: 4)
    let twice = Dataset(
      features: Matrix(
        rowCount: 200, columnCount: 3,
        elements: (0..<200).flatMap { row in
          [single.features[row, 0], single.features[row, 1], single.features[row, 0]]
        }), labels: single.labels, featureNames: ["x", "y", "x again"],
      classNames: single.classNames)
    let first = try unpenalised().fit(single)
    let second = try unpenalised().fit(twice)
    let values = try #require(second.coefficients).map(\.value)
    #expect(abs(values[0] - values[2]) < 1e-4)
    #expect(abs(values[0] + values[2] - (first.coefficients?[0].value ?? 0)) < 1e-6)
    #expect(second.coefficients?.map { $0.standardError == nil } == [true, false, true, false])
    let shares = zip(
      first.probabilities(for: single.features).elements,
      second.probabilities(for: twice.features).elements)
    #expect(shares.allSatisfy { abs($0 - $1) < 1e-7 })
  }

  @Test func `a class without a row is never predicted`() throws {
    let two = try LogisticRegression().fit(table([(0, 0, 9), (1, 0, 2), (1, 2, 8)], classes: 3))
    #expect(two.probabilities(of: [1])[1] == 0)
    #expect(two.coefficients?.map(\.label) == [2, 2])
    let three = try LogisticRegression().fit(
      table([(0, 0, 9), (1, 2, 8), (2, 3, 7)], classes: 4))
    #expect(three.probabilities(of: [1])[1] == 0)
    #expect(three.coefficients?.map(\.label) == [0, 0, 2, 2, 3, 3])
    #expect(abs(three.probabilities(of: [1]).reduce(0, +) - 1) < 1e-12)
  }

  @Test func `huge numbers give probabilities`() throws {
    let model = try LogisticRegression().fit(
      table([(0, 0, 9), (0, 1, 3), (1, 0, 2), (1, 1, 8), (2, 2, 5)], classes: 3))
    for value in [1e308, -1e308, Double.leastNonzeroMagnitude, 0] {
      let shares = model.probabilities(of: [value])
      #expect(shares.allSatisfy { 0...1 ~= $0 } && abs(shares.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test func `weights of classes count rows that often`() throws {
    var weighted = LogisticRegression()
    weighted.classWeight = .weights([1, 3])
    let once = try weighted.fit(table([(0, 0, 9), (0, 1, 3), (1, 0, 2), (1, 1, 8)]))
    let often = try LogisticRegression().fit(table([(0, 0, 9), (0, 1, 9), (1, 0, 2), (1, 1, 24)]))
    let pairs = zip(once.coefficients ?? [], often.coefficients ?? [])
    #expect(pairs.allSatisfy { abs($0.value - $1.value) < 1e-12 })
    weighted.classWeight = .weights([1, 2, 3])
    #expect(throws: ParameterError.self) { try weighted.fit(table([(0, 0, 1), (1, 1, 1)])) }
  }
}

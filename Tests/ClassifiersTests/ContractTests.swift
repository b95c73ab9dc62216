import Classifiers
import Datasets
import LinearAlgebra
import TestSupport
import Testing

/// What every classifier promises.
@Suite struct `Every classifier` {
  @Test func `every classifier is on the roster under the name that the original gave it`() {
    #expect(
      Algorithm.standard.map(\.rawValue)
        == ["RandomForest", "DecisionTreeClassifier", "GaussianNB", "KNeighborsClassifier"])
    #expect(Algorithm.allCases.starts(with: Algorithm.standard))
    for algorithm in Algorithm.allCases {
      #expect(type(of: algorithm.classifier(seed: 1)).algorithm == algorithm)
    }
  }

  @Test(arguments: Algorithm.allCases, [2, 3, 6])
  func `probabilities sum to one`(algorithm: Algorithm, classes: Int) throws {
    let dataset = data(classes: classes)
    let shares = try probabilities(algorithm, dataset, for: dataset.features)
    #expect(shares.rowCount == dataset.sampleCount)
    #expect(shares.columnCount == classes)
    for row in 0..<shares.rowCount {
      #expect(shares.row(row).allSatisfy { $0 >= 0 && $0 <= 1 })
      #expect(abs(shares.row(row).reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test(arguments: Algorithm.allCases)
  func `predicting a part of the rows gives the same as predicting all of them`(
    algorithm: Algorithm
  ) throws {
    let dataset = data(classes: 3)
    let rows = [119, 3, 3, 40, 0]
    let whole = try probabilities(algorithm, dataset, for: dataset.features)
    let part = try probabilities(algorithm, dataset, for: dataset.features.rows(rows))
    #expect(part == whole.rows(rows))
  }

  @Test(arguments: Algorithm.allCases)
  func `a sample has the same probabilities alone as among many, to the last bit`(
    algorithm: Algorithm
  ) throws {
    let dataset = data(classes: 3)
    func compare(_ classifier: some Classifier) throws {
      let model = try classifier.fit(dataset, threads: 1)
      let together = model.probabilities(for: dataset.features, threads: 1)
      for row in 0..<dataset.sampleCount {
        let alone = model.probabilities(of: Array(dataset.features.row(row)))
        #expect(alone.map(\.bitPattern) == together.row(row).map(\.bitPattern))
      }
    }
    try compare(algorithm.classifier(seed: 42))
  }

  @Test(arguments: Algorithm.allCases)
  func `a model that is prepared for batches has the same probabilities, to the last bit`(
    algorithm: Algorithm
  ) throws {
    let dataset = data(classes: 3)
    func compare(_ classifier: some Classifier) throws {
      let model = try classifier.fit(dataset, threads: 1)
      let counts = [0, 1, 63, 64, 65, dataset.sampleCount]
      func shares() -> [[UInt64]] {
        counts.map { count in
          model.probabilities(for: dataset.features.rows(Array(0..<count)), threads: 1)
            .elements.map(\.bitPattern)
        }
      }
      let before = shares()
      model.prepareForBatches(threads: 1)
      #expect(shares() == before)
    }
    try compare(algorithm.classifier(seed: 42))
  }

  @Test(arguments: Algorithm.allCases)
  func `fitting twice gives the same model, on any number of threads`(algorithm: Algorithm) throws {
    let dataset = data(classes: 3)
    let once = try probabilities(algorithm, dataset, for: dataset.features, threads: 1)
    for threads in [1, 2, 5] {
      let again = try probabilities(algorithm, dataset, for: dataset.features, threads: threads)
      #expect(once.elements.map(\.bitPattern) == again.elements.map(\.bitPattern))
    }
  }

  @Test(arguments: Algorithm.allCases)
  func `a classifier learns from one class, one column, one row`(algorithm: Algorithm) throws {
    let dataset = Dataset(
      features: Matrix(rowCount: 6, columnCount: 1, elements: [1, 2, 3, 4, 5, 6]),
      labels: [1, 1, 1, 1, 1, 1], featureNames: ["x"], classNames: ["a", "b"])
    let shares = try probabilities(algorithm, dataset, for: dataset.features)
    #expect((0..<6).allSatisfy { shares[$0, 0] == 0 && shares[$0, 1] == 1 })
  }

  @Test(arguments: Algorithm.allCases)
  func `a classifier learns from constant columns`(algorithm: Algorithm) throws {
    let dataset = Dataset(
      features: Matrix(rowCount: 8, columnCount: 2, repeating: 3),
      labels: [0, 0, 0, 0, 0, 0, 1, 1],
      featureNames: ["x", "y"], classNames: ["a", "b"])
    let shares = try probabilities(algorithm, dataset, for: dataset.features)
    #expect(shares.elements.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test(arguments: Algorithm.allCases)
  func `a classifier refuses data that it cannot learn from`(algorithm: Algorithm) throws {
    let empty = Dataset(
      features: Matrix(rowCount: 0, columnCount: 1), labels: [], featureNames: ["x"],
      classNames: ["a"])
    #expect(throws: FitError.self) { try probabilities(algorithm, empty, for: empty.features) }
    let acceptsMissing = type(of: algorithm.classifier(seed: 0)).acceptsMissing
    for bad in [Double.nan, .infinity, -.infinity] where !(bad.isNaN && acceptsMissing) {
      let dataset = Dataset(
        features: Matrix(rowCount: 6, columnCount: 1, elements: [1, 2, bad, 4, 5, 6]),
        labels: [0, 1, 0, 1, 0, 1], featureNames: ["width"], classNames: ["a", "b"])
      let error = #expect(throws: FitError.self) {
        try probabilities(algorithm, dataset, for: dataset.features)
      }
      #expect(error?.description.contains("\"width\"") == true)
    }
  }

  @Test(arguments: Algorithm.allCases)
  func `ten times the rows cost more`(algorithm: Algorithm) {
    func seconds(rows: Int) -> Double {
      algorithm.classifier(seed: 1).estimatedSeconds(
        for: DataSize(trainingRows: rows, testRows: rows / 4, features: 9, classes: 2))
    }
    #expect(seconds(rows: 1) > 0)
    #expect(seconds(rows: 40_000) > 5 * seconds(rows: 4_000))
  }

  @Test(arguments: Algorithm.allCases)
  func `importances sum to one where there are any`(algorithm: Algorithm) throws {
    func check(_ classifier: some Classifier) throws {
      let importances = try classifier.fit(data(classes: 3)).impurityImportances
      guard let importances else { return }
      #expect(importances.count == 4)
      #expect(importances.allSatisfy { $0 >= 0 } && abs(importances.reduce(0, +) - 1) < 1e-12)
    }
    try check(algorithm.classifier(seed: 42))
  }

  @Test(arguments: Algorithm.allCases)
  func `every hyper-parameter of a classifier can be set to its own value`(algorithm: Algorithm)
    throws
  {
    var classifier = algorithm.classifier(seed: 5)
    let parameters = classifier.hyperparameters
    #expect(parameters.map(\.name) == parameters.map(\.name).sorted())
    for (name, value) in parameters { try classifier.set(name, to: value) }
    #expect(classifier.hyperparameters.map(\.value) == parameters.map(\.value))
    let error = #expect(throws: ParameterError.self) {
      try classifier.set("no_such_thing", to: .integer(1))
    }
    #expect(error?.description.contains("no_such_thing") == true)
  }

  private func data(classes: Int) -> Dataset {
    randomDataset(samples: 120, features: 4, classes: classes, distinctValues: 15, seed: 11)
  }

  private func probabilities(
    _ algorithm: Algorithm, _ dataset: Dataset, for features: Matrix, threads: Int = 2
  ) throws -> Matrix {
    func shares(_ classifier: some Classifier) throws -> Matrix {
      try classifier.fit(dataset, threads: threads).probabilities(for: features, threads: threads)
    }
    return try shares(algorithm.classifier(seed: 42))
  }
}

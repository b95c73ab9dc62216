import Classifiers
import Datasets
import Foundation
import LinearAlgebra
import Testing

/// Gaussian naive Bayes as scikit-learn 1.9.1 fits it on seven small tables;
/// make_naive_bayes_reference.py made naive-bayes-reference.json.
@Suite struct `Naive Bayes on small tables, as by scikit-learn 1.9.1` {
  private static let cases = try! NaiveBayesReference.load().cases

  @Test(arguments: cases.indices)
  func `naive Bayes has scikit-learn's distributions and probabilities`(number: Int) throws {
    let entry = Self.cases[number]
    var classifier = GaussianNaiveBayes()
    classifier.priors = entry.parameters.priors
    classifier.varianceSmoothing = entry.parameters.varSmoothing ?? 1e-9
    let model = try classifier.fit(entry.dataset, threads: 1)
    expectClose(model.means.elements, entry.means, within: 1e-12)
    expectClose(model.variances.elements, entry.variances, within: 1e-12)
    #expect(abs(model.epsilon - entry.epsilon) <= 1e-12 * entry.epsilon)
    let queries = matrix(entry.queries)
    expectClose(
      model.probabilities(for: queries).elements, entry.probabilities, within: 1e-11)
    #expect(model.predictions(for: queries) == entry.predictions)
  }

  private func expectClose(_ actual: [Double], _ expected: [Double], within tolerance: Double) {
    #expect(actual.count == expected.count)
    #expect(zip(actual, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) })
  }
}

@Suite struct `Naive Bayes` {
  @Test func `naive Bayes learns the mean and the population variance of each class`() throws {
    // Class a: 1, 3, mean 2, variance 1. Class b: 5, 9, mean 7, variance 4.
    let dataset = Dataset(
      features: matrix([[1], [5], [3], [9]]), labels: [0, 1, 0, 1], featureNames: ["x"],
      classNames: ["a", "b"])
    var classifier = GaussianNaiveBayes()
    classifier.varianceSmoothing = 0
    let model = try classifier.fit(dataset)
    #expect(model.means.elements == [2, 7])
    #expect(model.variances.elements == [1, 4])
    #expect(model.classPriors == [0.5, 0.5])
    // At 4 both lie at distance 2 and 3: exp(−2) / 1 against exp(−9/8) / 2.
    let share = model.probabilities(for: matrix([[4]]))[0, 0]
    let densities = (exp(-2.0), exp(-1.125) / 2)
    #expect(abs(share - densities.0 / (densities.0 + densities.1)) < 1e-14)
  }

  @Test func `naive Bayes gives a row the same shares alone and among others, however sure it is`()
    throws
  {
    let dataset = Dataset(
      features: matrix([[0], [2], [3], [7]]), labels: [0, 0, 1, 1], featureNames: ["x"],
      classNames: ["a", "b"])
    let model = try GaussianNaiveBayes().fit(dataset)
    let places = [
      0, 1, 2, 2.5, 30, -30, 40, 70, 80, -90, 1e3, -1e5, 1e160, -1e200, 4, 5, 6.25, 1e8, 3,
    ]
    let all = model.probabilities(for: matrix(places.map { [$0] }), threads: 2)
    for (row, place) in places.enumerated() {
      let alone = model.probabilities(for: matrix([[place]]))
      #expect(Array(all.row(row)) == Array(alone.row(0)), "\(place)")
      #expect(abs(alone[0, 0] + alone[0, 1] - 1) <= 1e-15, "\(place)")
    }
  }

  @Test(arguments: [[0.5], [0.5, 0.6], [-0.5, 1.5], [0.2, 0.3, 0.5], [.nan, 1]])
  func `naive Bayes refuses priors that are not probabilities`(priors: [Double]) {
    let dataset = Dataset(
      features: matrix([[1], [2]]), labels: [0, 1], featureNames: ["x"], classNames: ["a", "b"])
    var classifier = GaussianNaiveBayes()
    classifier.priors = priors
    #expect(throws: ParameterError.self) { try classifier.fit(dataset) }
  }
}

private func matrix(_ rows: [[Double]]) -> Matrix {
  Matrix(rowCount: rows.count, columnCount: rows[0].count, elements: rows.flatMap(\.self))
}

private struct NaiveBayesReference: Decodable {
  struct Case: Decodable {
    struct Parameters: Decodable {
      let priors: [Double]?
      let varSmoothing: Double?
    }

    let classes: Int
    let parameters: Parameters
    let values: [[Double]]
    let labels: [Int]
    let queries: [[Double]]
    let means: [Double]
    let variances: [Double]
    let epsilon: Double
    let probabilities: [Double]
    let predictions: [Int]

    var dataset: Dataset {
      Dataset(
        features: matrix(values), labels: labels,
        featureNames: values[0].indices.map { "feature \($0)" },
        classNames: (0..<classes).map { "class \($0)" })
    }
  }

  let cases: [Case]

  static func load() throws -> NaiveBayesReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
      .appending(path: "naive-bayes-reference.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(NaiveBayesReference.self, from: Data(contentsOf: file))
  }
}

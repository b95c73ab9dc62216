import Classifiers
import Datasets
import Foundation
import LinearAlgebra
import Support
import TestSupport
import Testing

/// Logistic regression at the optimum of scikit-learn 1.9.1's objective, on ten small tables and on the diamonds, with
/// the standard errors of statsmodels 0.15.0; make_logistic_reference.py made logistic-reference.json.
@Suite struct `Logistic regression, as by scikit-learn 1.9.1` {
  private static let reference = try! LogisticReference.load()

  @Test(arguments: reference.cases.indices)
  func `logistic regression has scikit-learn's coefficients, labels and probabilities`(
    number: Int
  ) throws {
    let entry = Self.reference.cases[number]
    let model = try entry.parameters.classifier().fit(entry.dataset, threads: 1)
    expectClose(model, entry.coefficients, entry.standardErrors)
    let features = entry.dataset.features
    #expect(model.predictions(for: features) == entry.predictions)
    let shares = model.probabilities(for: features).elements
    #expect(zip(shares, entry.probabilities).allSatisfy { abs($0 - $1) <= 1e-9 })
    let loss = objective(model, entry.dataset, try entry.parameters.classifier())
    #expect(loss <= entry.lbfgsLoss * (1 + 1e-14))
  }

  @Test func `logistic regression has scikit-learn's coefficients and labels of the diamonds`()
    throws
  {
    let preprocessing = Preprocessing()
    let table = try CSVTable(contentsOf: RepositoryFiles.diamonds, preprocessing.reading)
    let data = try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
    for entry in Self.reference.diamonds {
      let model = try entry.parameters.classifier().fit(data.training, threads: 2)
      expectClose(model, entry.coefficients, entry.standardErrors)
      for (part, rows) in [("training", data.training), ("test", data.test)] {
        let labels = model.predictions(for: rows.features).map { UInt8($0) }
        #expect(SHA256.hexDigest(of: labels) == entry.labelsSha256[part])
      }
      let loss = objective(model, data.training, try entry.parameters.classifier())
      #expect(loss <= entry.lbfgsLoss)
    }
  }

  private func expectClose(
    _ model: LogisticRegressionModel, _ coefficients: [Double], _ errors: [Double]?
  ) {
    let found = model.coefficients ?? []
    #expect(found.count == coefficients.count)
    #expect(zip(found, coefficients).allSatisfy { abs($0.value - $1) <= 1e-6 })
    guard let errors else { return }
    #expect(errors.count == found.count)
    #expect(zip(found, errors).allSatisfy { abs(($0.standardError ?? -1) / $1 - 1) <= 1e-6 })
  }
}

/// The objective, summed over the rows, the slow way.
func objective(
  _ model: LogisticRegressionModel, _ dataset: Dataset, _ classifier: LogisticRegression
) -> Double {
  let counts = dataset.labels.reduce(into: [Int: Double]()) { $0[$1, default: 0] += 1 }
  let shares = model.probabilities(for: dataset.features)
  let losses = dataset.labels.enumerated().map { row, label in
    let weight =
      switch classifier.classWeight {
      case .weights(let weights): weights[label]
      case .equal: 1.0
      default: Double(dataset.sampleCount) / (Double(counts.count) * (counts[label] ?? 1))
      }
    return -weight * log(shares[row, label])
  }
  let squares = (model.coefficients ?? []).reduce(0) {
    $0 + ($1.feature == nil ? 0 : $1.value * $1.value)
  }
  return losses.reduce(0, +)
    + (classifier.penalty == nil ? 0 : squares / (2 * classifier.inversePenalty))
}

private struct LogisticReference: Decodable {
  struct Parameters: Decodable {
    let penalty: String?
    let inversePenalty: Double?
    let classWeight: Weight?
    let fitIntercept: Bool?

    private enum CodingKeys: String, CodingKey {
      case penalty, classWeight, fitIntercept
      case inversePenalty = "C"
    }

    enum Weight: Decodable {
      case named(String)
      case each([Double])

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let name = try? value.decode(String.self) {
          self = .named(name)
        } else {
          self = .each(try value.decode([Double].self))
        }
      }
    }

    func classifier() throws -> LogisticRegression {
      var classifier = LogisticRegression()
      if let penalty { try classifier.set("penalty", to: HyperparameterValue(parsing: penalty)) }
      if let inversePenalty { classifier.inversePenalty = inversePenalty }
      if let fitIntercept { classifier.fitsIntercept = fitIntercept }
      switch classWeight {
      case .named(let name): try classifier.set("class_weight", to: .text(name))
      case .each(let weights): classifier.classWeight = .weights(weights)
      case nil: break
      }
      return classifier
    }
  }

  struct Case: Decodable {
    let classes: Int
    let parameters: Parameters
    let values: [[Double]]
    let labels: [Int]
    let coefficients: [Double]
    let lbfgsLoss: Double
    let probabilities: [Double]
    let predictions: [Int]
    let standardErrors: [Double]?

    var dataset: Dataset {
      Dataset(
        features: Matrix(
          rowCount: values.count, columnCount: values[0].count, elements: values.flatMap(\.self)),
        labels: labels, featureNames: values[0].indices.map { "feature \($0)" },
        classNames: (0..<classes).map { "class \($0)" })
    }
  }

  struct Diamonds: Decodable {
    let parameters: Parameters
    let coefficients: [Double]
    let lbfgsLoss: Double
    let labelsSha256: [String: String]
    let standardErrors: [Double]?
  }

  let cases: [Case]
  let diamonds: [Diamonds]

  static func load() throws -> LogisticReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
      .appending(path: "logistic-reference.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(LogisticReference.self, from: Data(contentsOf: file))
  }
}

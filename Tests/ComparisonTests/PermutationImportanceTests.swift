import Classifiers
import Evaluation
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Comparison

/// Importances of a fixed rule as scikit-learn 1.9.1 computes them; make_permutation_reference.py made
/// permutation-reference.json.
@Suite struct `Permutation importances, as scikit-learn 1.9.1 computes them` {
  private struct Case: Decodable {
    let seed: UInt32
    let features: [[Double]]
    let labels: [Int]
    let repeats: Int
    let rows: Int
    let drops: [[Double]]
    let means: [Double]
    let deviations: [Double]
  }

  private static let cases: [Case] = {
    let path =
      RepositoryFiles.root + "/Tests/ComparisonTests/Golden/permutation-reference.json"
    return try! JSONDecoder().decode([Case].self, from: Data(contentsOf: URL(filePath: path)))
  }()

  private static func predictions(_ features: Matrix) -> [Int] {
    (0..<features.rowCount).map {
      features[$0, 0] + 0.5 * features[$0, 1] - 0.1 * features[$0, 2] > 0 ? 1 : 0
    }
  }

  @Test(arguments: cases.indices)
  func `every permutation importance is scikit-learn's`(number: Int) {
    let one = Self.cases[number]
    let all = Matrix(
      rowCount: one.features.count, columnCount: 3, elements: Array(one.features.joined()))
    let effort = PermutationEffort(repeats: one.repeats, rows: one.rows)
    let draws = effort.draws(testRows: one.labels.count, seed: one.seed)
    let features = all.rows(draws.rows)
    let labels = draws.rows.map { one.labels[$0] }
    let predicted = Self.predictions(features)
    let importance = PermutationImportance(
      labels: labels, predicted: predicted, featureCount: 3, repeats: one.repeats,
      threads: 2
    ) {
      ShuffledRows(features, orders: draws.orders, labels: predicted, rows: $0)
        .labels(threads: 2, predictions: { Self.predictions($0) })
    }
    // scikit-learn compares with the accuracy over all rows even where fewer are shuffled; ours is over
    // the same rows. The two differ by one number.
    func accuracy(_ features: Matrix, _ labels: [Int]) -> Double {
      let hits = zip(Self.predictions(features), labels).count { $0 == $1 }
      return Double(hits) / Double(labels.count)
    }
    let shift = accuracy(all, one.labels) - accuracy(features, labels)
    for (drops, expected) in zip(importance.drops, one.drops) {
      #expect(drops.count == expected.count)
      for (drop, other) in zip(drops, expected) { #expect(abs(drop + shift - other) < 1e-12) }
    }
    for (mean, expected) in zip(importance.means, one.means) {
      #expect(abs(mean + shift - expected) < 1e-12)
    }
    for (deviation, expected) in zip(importance.deviations, one.deviations) {
      #expect(abs(deviation - expected) < 1e-12)
    }
  }

  private func efforts(
    _ models: [any Classifier], testRows: Int, features: Int = 9
  ) -> [PermutationEffort] {
    PermutationEffort.efforts(
      for: models, trainingRows: 4 * testRows, testRows: testRows, features: features, classes: 2)
  }

  @Test func `small tables are shuffled five times, all their rows`() {
    let models = Algorithm.allCases.map { $0.classifier(seed: 1) }
    #expect(
      efforts(models, testRows: 30).allSatisfy { $0 == PermutationEffort(repeats: 5, rows: 30) })
  }

  @Test func `of a large table cheap models are shuffled whole, and others as far as is allowed`() {
    let models = Algorithm.standard.map { $0.classifier(seed: 1) }
    let found = efforts(models, testRows: 10_788)
    #expect(found[1] == PermutationEffort(repeats: 5, rows: 10_788))
    #expect(found[2] == PermutationEffort(repeats: 5, rows: 10_788))
    #expect(found[0].repeats == 1 && (9_000...10_788).contains(found[0].rows))
    #expect(found[3].repeats == 1 && (500..<10_788).contains(found[3].rows))
  }

  @Test(arguments: [100, 10_000, 1_000_000])
  func `the importances of all models take at most a fifth of the run, unless a row is too much`(
    testRows: Int
  ) {
    let models = Algorithm.allCases.map { $0.classifier(seed: 1) }
    let size = DataSize(
      trainingRows: 4 * testRows, testRows: testRows, features: 9, classes: 2)
    let all = DataSize(
      trainingRows: 4 * testRows, testRows: 5 * testRows, features: 9, classes: 2)
    let run = models.reduce(0.2 + Double(testRows) * 3e-6) { $0 + $1.estimatedSeconds(for: all) }
    let taken = zip(models, efforts(models, testRows: testRows)).reduce(0.0) { sum, model in
      let part = Double(model.1.repeats * model.1.rows) / Double(testRows)
      return sum + 9 * part * model.0.shufflingSeconds(for: size)
    }
    #expect(taken <= 0.2 * run)
  }

  @Test func `at least one row takes part, however many features there are`() {
    let model = Algorithm.standard.map { $0.classifier(seed: 1) }[3]
    let found = efforts([model], testRows: 500, features: 100_000)
    #expect(found[0].repeats == 1 && found[0].rows >= 1)
  }
}

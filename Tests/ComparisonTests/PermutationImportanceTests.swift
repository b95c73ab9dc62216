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
    let importance = PermutationImportance(
      features: features, labels: labels, orders: draws.orders, predictions: Self.predictions)
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

  @Test func `the effort of permuting depends on counts alone and stays within its budget`() {
    let many = PermutationEffort(testRows: 10_788, featureCount: 9)
    #expect((many.repeats, many.rows) == (1, 333))
    let few = PermutationEffort(testRows: 30, featureCount: 4)
    #expect((few.repeats, few.rows) == (10, 30))
    let wide = PermutationEffort(testRows: 500, featureCount: 100_000)
    #expect((wide.repeats, wide.rows) == (1, 1))
    let asked = PermutationEffort(testRows: 500, featureCount: 9, repeats: 5)
    #expect((asked.repeats, asked.rows) == (5, 500))
  }
}

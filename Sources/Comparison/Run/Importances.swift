import Classifiers
import Datasets
import Evaluation
import LinearAlgebra

/// How much shuffling permutation importances are worth.
///
/// The effort is a number of predictions and never a time, so that the same run gives the same numbers
/// on every machine.
struct PermutationEffort: Hashable, Sendable {
  /// How often each feature is shuffled; 0 for no permutation importances.
  let repeats: Int
  /// How many test rows take part.
  let rows: Int

  /// About as many predictions as a run without wishes spends on each model: what is not noticed
  /// beside fitting, even with a forest of a hundred trees.
  static let predictionBudget = 3000

  /// The test rows that take part, and the order into which each repeat shuffles them: what
  /// `permutation_importance(random_state=seed, max_samples=rows)` of scikit-learn draws, as long as
  /// they are at least one in a hundred. (scikit-learn then still compares with the accuracy over all
  /// rows; ours is compared over the rows that take part.)
  func draws(testRows: Int, seed: UInt32) -> (rows: [Int], orders: [[Int]]) {
    var seeds = MersenneTwister(seed: seed)
    var twister = MersenneTwister(seed: seeds.next(upTo: .max >> 1))
    let chosen =
      rows < testRows ? Array(twister.permutation(testRows).prefix(rows)) : Array(0..<testRows)
    var order = Array(0..<rows)
    let orders = (0..<repeats).map { _ in
      order = twister.permutation(rows).map { order[$0] }
      return order
    }
    return (chosen, orders)
  }
}

extension PermutationEffort {
  /// - Parameter repeats: how often to shuffle all test rows. Without it, as many test rows take part as
  ///   the budget allows, and where it allows all of them they are shuffled up to ten times.
  init(testRows: Int, featureCount: Int, repeats: Int? = nil) {
    let shuffles = Self.predictionBudget / max(1, featureCount)
    let rows = min(testRows, max(1, shuffles))
    self.init(
      repeats: repeats ?? min(10, max(1, shuffles / max(1, rows))),
      rows: repeats == nil ? rows : testRows)
  }
}

extension ReportData.Importances {
  /// The importances of fitted models.
  ///
  /// - Parameter seed: of the shuffling.
  init(of runs: [EvaluatedModel], effort: PermutationEffort, seed: UInt32, threads: Int) {
    repeats = effort.repeats
    rows = effort.rows
    guard let test = runs.first?.test else {
      models = []
      return
    }
    let draws = effort.draws(testRows: test.sampleCount, seed: seed)
    let labels = draws.rows.map { test.labels[$0] }
    models = runs.map { run in
      let permutation =
        effort.repeats > 0
        ? PermutationImportance(
          features: run.test.features.rows(draws.rows), labels: labels, orders: draws.orders
        ) {
          run.model.probabilities(for: $0, threads: threads)
            .predictedLabels(threshold: run.threshold?.value)
        } : nil
      return ReportData.ModelImportances(
        name: run.name, impurity: run.model.impurityImportances,
        permutationMeans: permutation?.means, permutationDeviations: permutation?.deviations,
        permutationErrors: permutation?.standardErrors, coefficients: run.model.coefficients,
        notice: run.model.notice)
    }
  }
}

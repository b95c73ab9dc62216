import Classifiers
import Evaluation
import LinearAlgebra

extension ReportData.Importances {
  /// The importances of fitted models.
  ///
  /// - Parameters:
  ///   - efforts: what each algorithm's model is worth.
  ///   - seed: of the shuffling.
  init(
    of runs: [EvaluatedModel], efforts: [Algorithm: PermutationEffort], seed: UInt32, threads: Int
  ) {
    models = runs.map { run in
      let effort = efforts[run.algorithm].flatMap { $0.repeats > 0 ? $0 : nil }
      let permutation = effort.map {
        PermutationImportance(of: run, effort: $0, seed: seed, threads: threads)
      }
      return ReportData.ModelImportances(
        name: run.name, impurity: run.model.impurityImportances,
        permutationMeans: permutation?.means, permutationDeviations: permutation?.deviations,
        permutationErrors: permutation?.standardErrors,
        permutationRepeats: effort?.repeats,
        permutationRows: effort?.rows,
        coefficients: run.model.coefficients, notice: run.model.notice)
    }
  }
}

extension PermutationImportance {
  fileprivate init(of run: EvaluatedModel, effort: PermutationEffort, seed: UInt32, threads: Int) {
    let draws = effort.draws(testRows: run.test.sampleCount, seed: seed)
    let features = run.test.features.rows(draws.rows)
    let predicted = draws.rows.map { run.predicted[$0] }
    self.init(
      labels: draws.rows.map { run.test.labels[$0] }, predicted: predicted,
      featureCount: features.columnCount, repeats: effort.repeats, threads: threads
    ) {
      run.model.labels(
        of: ShuffledRows(features, orders: draws.orders, labels: predicted, rows: $0),
        threshold: run.threshold?.value, threads: threads)
    }
  }
}

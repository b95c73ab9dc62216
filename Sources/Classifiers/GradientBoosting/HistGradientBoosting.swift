public import Datasets
import LinearAlgebra

/// Regression trees that are added up round by round, each grown to decrease the logarithmic loss of those before it.
///
/// Values become bins, and a node's best split is found in histograms of them. The trees are those of scikit-learn's
/// `HistGradientBoostingClassifier`, node for node. Features may have missing values: where samples of a node lack the
/// feature that it compares, both sides are tried for them. With `categoricalFeatures`, nodes divide codes of names by
/// sets.
///
///     let model = try HistGradientBoosting(seed: 42).fit(training)
///     model.lossCurve?.training   // the loss before the first round and after each
///
/// - Complexity: O(*r·c·n·(f + d)*) for *r* rounds over *n* samples of *f* features and *c* classes, with trees of depth
///   *d*.
/// - SeeAlso: Ke and others, "LightGBM: A highly efficient gradient boosting decision tree", 2017; Friedman, "Greedy
///   function approximation: a gradient boosting machine", 2001, doi:10.1214/aos/1013203451.
extension HistGradientBoosting: Classifier {
  public static var acceptsMissing: Bool { true }

  public func learn(from dataset: Dataset, threads: Int) throws -> HistGradientBoostingModel {
    try learn(from: dataset, threads: threads) { _, _ in }
  }

  public func learn(
    from dataset: Dataset, threads: Int, progress: @escaping FitProgress
  ) throws -> HistGradientBoostingModel {
    let data = try BoostingData(dataset, self, threads: threads)
    guard let data else { return HistGradientBoostingModel(singleClassOf: dataset) }
    let work = data.rows.rowCount * data.rows.featureCount * data.baseline.count
    return Team.with(threads: min(threads, max(1, work / Self.workOfThread))) { team in
      var rounds = BoostingRounds(data, self, team)
      while rounds.count < iterationCount, !rounds.shouldStop {
        rounds.grow()
        progress(rounds.count, iterationCount)
      }
      if rounds.count < iterationCount { progress(iterationCount, iterationCount) }
      return HistGradientBoostingModel(
        trees: rounds.trees, baseline: data.baseline, bins: data.rows.bins, columns: data.columns,
        isPresent: data.isPresent, lossCurve: rounds.losses)
    }
  }

  /// With fewer rows times features and trees of a round, a thread costs more than it does.
  private static let workOfThread = 15_000

  public func model(
    of tensors: BoostingTensors, _ description: ModelDescription
  ) -> any ClassificationModel { HistGradientBoostingModel(tensors) }

  public func fittingSeconds(for size: DataSize) -> Double {
    let leaves = Double(maximumLeafCount ?? max(2, Int(size.trainingRows) / minimumLeafSize))
    var levels = max(1, DataSize.log2(leaves))
    if let maximumDepth { levels = min(levels, Double(maximumDepth)) }
    let bins = size.features * min(Double(maximumBinCount), size.trainingRows)
    let perTree =
      size.trainingRows * (30e-9 + levels * (3e-9 + 1e-9 * size.features)) + leaves * bins * 2.5e-9
    return treeCount(size) * perTree + size.trainingRows * size.features * 100e-9
  }

  public func predictingSeconds(for size: DataSize) -> Double {
    size.testRows * (treeCount(size) * 12e-9 + size.features * 100e-9)
  }

  private func treeCount(_ size: DataSize) -> Double {
    Double(iterationCount) * (size.classes > 2 ? size.classes : 1)
  }
}

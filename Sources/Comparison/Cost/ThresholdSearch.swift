import Classifiers
import Datasets
import Evaluation
import LinearAlgebra

/// Finds the threshold at which a classifier's mistakes on rows that it did not learn from cost
/// least: that of scikit-learn's `TunedThresholdClassifierCV` around a pipeline of encoders, scaler
/// and classifier, with `cv=StratifiedKFold(5, shuffle=True, random_state=seed)`, or
/// `StratifiedGroupKFold` where rows come in groups, and the sum of the costs as the score.
struct ThresholdSearch: Sendable {
  static let foldCount = 5
  private static let advice = "leave the row out, --drop the column, or leave --cost out"

  let costs: MistakeCosts
  let table: CSVTable
  /// Encoders and scaler are fitted on the training rows of each fold, whatever this says.
  let preprocessing: Preprocessing
  /// The column of the groups that stay whole; `nil` where rows stand alone.
  var group: String?
  /// The rows that the model learns from.
  var rows: [Int]
  var seed: UInt32

  /// The same search for a model that learns from other rows.
  ///
  /// - Parameter seed: that of the folds; `nil` for the same.
  func of(_ rows: [Int], seed: UInt32? = nil) -> ThresholdSearch {
    var other = self
    other.rows = rows
    other.seed = seed ?? self.seed
    return other
  }

  /// Refuses rows that folds cannot be made of, before anything is fitted.
  func check() throws(DatasetError) {
    let (labels, classNames) = try preprocessing.labels(of: table)
    var sizes = [Int](repeating: 0, count: classNames.count)
    if let group {
      let groups = try table.groups(by: group).numbered(rows)
      let samples = SampleGroups(ofSample: groups.ofRow, count: groups.count)
      for label in sizes.indices { sizes[label] = samples.count { labels[rows[$0]] == label } }
    } else {
      for row in rows { sizes[labels[row]] += 1 }
    }
    if let scarce = sizes.firstIndex(where: { $0 < Self.foldCount }) {
      throw DatasetError(
        .badData,
        "\(table.fileName): --cost chooses a threshold by \(Self.foldCount) folds of the training "
          + "rows, which takes \(Self.foldCount) \(group == nil ? "rows" : "groups") of each class, found "
          + "\(sizes[scarce]) of class \"\(classNames[scarce])\"; leave --cost out, or add rows")
    }
    for fold in try folds() {
      try preprocessing.checkCategories(
        of: table, training: fold.training, test: fold.test, advice: Self.advice)
    }
  }

  private func folds() throws(DatasetError) -> [Fold] {
    try FoldPlan(count: Self.foldCount, seed: seed, group: group)
      .folds(of: table, rows: rows, preprocessing: preprocessing)
  }

  /// The cost of the rows by the threshold, each row predicted by a model that did not learn from
  /// it; `nil` where a fold's model gives the same probability to all rows.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  /// - Throws: `FitError` where the classifier cannot be fitted to four fifths of the rows.
  func curve(of classifier: some Classifier, threads: Int) throws -> CostCurve? {
    let folds = try folds()
    let abreast = max(1, min(threads, folds.count))
    let curves = Parallelism.map(folds.count, threads: abreast) { index, _ in
      Result { try curve(of: classifier, on: folds[index], threads: max(1, threads / abreast)) }
    }
    return CostCurve(meanOf: try curves.map { try $0.get() })
  }

  private func curve(
    of classifier: some Classifier, on fold: Fold, threads: Int
  ) throws -> CostCurve {
    var preparation = preprocessing
    preparation.fittedOn = .training
    let data = try preparation.prepare(
      table, training: fold.training, test: fold.test,
      dividedBy: TrainTestSplit(testFraction: 1 / Double(Self.foldCount), seed: seed),
      advice: Self.advice, threads: threads
    ).taken(by: classifier)
    let model = try classifier.fit(data.training, threads: threads)
    let shares = model.probabilities(for: data.test.features, threads: threads)
    return CostCurve(
      actual: data.test.labels, scores: (0..<shares.rowCount).map { shares[$0, 1] }, costs: costs)
  }
}

import Classifiers
import Datasets
import Evaluation
import Support

/// Fits and judges several classifiers fold by fold, with encoders and scaler fitted on each fold's
/// training rows, as scikit-learn's `cross_validate` does with pipelines.
///
/// Only the rows of a run's training part are divided: whoever wins by them is then judged on test
/// rows that had no part in the choice.
struct CrossValidation: Sendable {
  let candidates: [any Classifier]
  let folds: FoldPlan
  /// The rows of the table that are divided, in the order of the training part.
  let rows: [Int]
  /// A difference in score that does not matter; `nil` for the usual one.
  var rope: Double?
  /// Chooses a threshold for each model, by folds of its own training rows; `nil` where the most probable
  /// class is predicted.
  var thresholds: ThresholdSearch?
  let threads: Int

  static let adviceOnCategories =
    "cross-validate with fewer folds, leave the row out, or --drop the column"

  var fitCount: Int { candidates.count * folds.count * folds.repeats }

  /// Divides the rows, and refuses tables that folds cannot be made of, before anything is fitted.
  func divisions(
    of table: CSVTable, preprocessing: Preprocessing
  ) throws(DatasetError) -> [Fold] {
    let divisions = try folds.folds(of: table, rows: rows, preprocessing: preprocessing)
    for fold in divisions {
      try preprocessing.checkCategories(
        of: table, training: fold.training, test: fold.test, advice: Self.adviceOnCategories)
      try thresholds?.of(fold.training).check()
    }
    return divisions
  }

  /// Does what is not in the folder yet; each result is on disk as soon as it is there.
  ///
  /// - Parameters:
  ///   - mayStart: asked before each run; where it says no, the run is skipped.
  ///   - progress: called after each run, one call at a time.
  /// - Returns: the scores of all runs that are done, and how many were skipped.
  func run(
    on table: CSVTable, preprocessing: Preprocessing, folder: RunFolder,
    mayStart: @Sendable () -> Bool, progress: @Sendable (FinishedFit) -> Void
  ) throws -> (result: CrossValidationResult, skipped: Int) {
    var preparation = preprocessing
    preparation.fittedOn = .training
    let fitting = preparation
    let split = TrainTestSplit(testFraction: 1 / Double(folds.count), seed: folds.seed)
    let work = DivisionWork(
      try divisions(of: table, preprocessing: preprocessing).map { fold in
        Division(
          name: .fold(repetition: fold.repetition, number: fold.number), candidates: candidates,
          thresholds: thresholds?.of(fold.training)
        ) {
          try fitting.prepare(
            table, training: fold.training, test: fold.test, dividedBy: split,
            advice: Self.adviceOnCategories)
        }
      }, in: folder)
    let (scores, skipped) = try work.run(threads: threads, mayStart: mayStart, progress: progress)
    let models = zip(candidates, scores).map { candidate, scores in
      ModelFolds(
        name: type(of: candidate).algorithm.rawValue, folds: scores.compactMap { $0 },
        areAlike: self.folds.time == nil)
    }
    return (CrossValidationResult(folds: folds, models: models, rope: rope), skipped)
  }
}

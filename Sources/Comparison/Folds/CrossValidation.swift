import Classifiers
import Datasets
import Evaluation
import LinearAlgebra
import Support

/// One classifier, fitted without one fold's rows and judged on them: a piece of work that depends
/// on nothing else, and whose result has a place of its own.
struct FoldRun: Sendable {
  let classifier: any Classifier
  let fold: Fold

  var name: String { type(of: classifier).algorithm.rawValue }

  /// The result's folder, within the run folder.
  var place: String {
    let number = fold.number < 10 ? "0\(fold.number)" : "\(fold.number)"
    return "folds/repeat-\(fold.repetition)-fold-\(number)/\(name)"
  }

  /// Fits and judges; where the classifier cannot be fitted to so few rows, the scores are empty, as in
  /// scikit-learn's `cross_validate`.
  func scores(on data: PreparedData, threads: Int) throws -> FoldScores {
    try scores(of: classifier, on: data.taken(by: classifier), threads: threads)
  }

  private func scores(
    of classifier: some Classifier, on data: PreparedData, threads: Int
  ) throws -> FoldScores {
    let clock = ContinuousClock()
    let start = clock.now
    let model: any ClassificationModel
    do {
      model = try classifier.fit(data.training, threads: threads)
    } catch let error as FitError {
      return FoldScores(emptyFor: fold, on: data, problem: error.description)
    } catch let error as ParameterError {
      return FoldScores(emptyFor: fold, on: data, problem: error.description)
    }
    let fitted = clock.now
    let shares = model.probabilities(for: data.test.features, threads: threads)
    let predicted = shares.rowArgMax()
    let end = clock.now
    let report = data.test.report(predicted, shares)
    return FoldScores(
      repetition: fold.repetition, fold: fold.number, trainingRows: data.training.sampleCount,
      testRows: data.test.sampleCount, fitSeconds: (fitted - start).seconds,
      predictSeconds: (end - fitted).seconds, scores: report.shown.values,
      confusionMatrix: report.confusionMatrix.counts)
  }
}

extension FoldScores {
  /// The scores of a classifier that cannot be fitted: none.
  fileprivate init(emptyFor fold: Fold, on data: PreparedData, problem: String) {
    let row = [Int](repeating: 0, count: data.test.classCount)
    self.init(
      repetition: fold.repetition, fold: fold.number, trainingRows: data.training.sampleCount,
      testRows: data.test.sampleCount, fitSeconds: 0, predictSeconds: 0, scores: MetricValues(),
      confusionMatrix: row.map { _ in row }, problem: problem)
  }
}

/// What is kept of a ``FoldRun``.
struct FoldDocument: Codable {
  static let fileName = "scores.json"

  let name: String
  let hyperparameters: [String: HyperparameterValue]
  let result: FoldScores

  init(_ run: FoldRun, _ scores: FoldScores) {
    name = run.name
    hyperparameters = Dictionary(
      uniqueKeysWithValues: run.classifier.hyperparameters.map { ($0, $1) })
    result = scores
  }
}

/// Fits and judges several classifiers fold by fold, with encoders and scaler fitted on each fold's
/// training rows, as scikit-learn's `cross_validate` does with pipelines.
///
/// Only the rows of a run's training part are divided: whoever wins by them is then judged on test
/// rows that had no part in the choice.
struct CrossValidation: Sendable {
  let candidates: [any Classifier]
  let folds: StratifiedFolds
  /// The rows of the table that are divided, in the order of the training part.
  let rows: [Int]
  /// A difference in score that does not matter; `nil` for the usual one.
  var rope: Double?
  let threads: Int

  static let adviceOnCategories =
    "cross-validate with fewer folds, leave the row out, or --drop the column"

  /// Divides the rows, and refuses tables that folds cannot be made of, before anything is fitted.
  func divisions(
    of table: CSVTable, preprocessing: Preprocessing
  ) throws(DatasetError) -> [Fold] {
    let (labels, classNames) = try preprocessing.labels(of: table)
    let divisions = try folds.folds(
      labels: rows.map { labels[$0] }, classNames: classNames, fileName: table.fileName
    ).map { $0.of(rows) }
    for fold in divisions {
      try preprocessing.checkCategories(
        of: table, training: fold.training, test: fold.test, advice: Self.adviceOnCategories)
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
  ) throws -> (result: CrossValidationResult, leftOut: Int) {
    let divisions = try divisions(of: table, preprocessing: preprocessing)
    var preparation = preprocessing
    preparation.fittedOn = .training
    let work = FoldWork(
      self, table: table, preprocessing: preparation, folder: folder, divisions: divisions)
    // Folds side by side, each on few threads, keep the processor fuller than one fold on all; what
    // does not fill a last row of them takes all threads, one fold after the other.
    let abreast = max(1, min(threads, divisions.count))
    let whole = divisions.count / abreast * abreast
    Parallelism.forEach(whole, threads: abreast) { index, _ in
      work.run(index, threads: max(1, threads / abreast), mayStart: mayStart, progress: progress)
    }
    for index in whole..<divisions.count {
      work.run(index, threads: threads, mayStart: mayStart, progress: progress)
    }
    return try work.outcome()
  }
}

/// A run on a fold, or of a sweep, that is finished.
public struct FinishedFit: Sendable {
  /// Which one it is, for people.
  public let name: String
  public let accuracy: Double?
  /// Whether it was on disk already.
  public let wasKnown: Bool
}

extension ProgressDisplay {
  func step(_ fit: FinishedFit) {
    step(wasKnown: fit.wasKnown)
    let accuracy = fit.accuracy.map { ", accuracy \($0)" } ?? ""
    detail(fit.name + accuracy + (fit.wasKnown ? ", done before" : ""))
  }
}

/// The folds' results as they come in.
private final class FoldWork: Sendable {
  private let validation: CrossValidation
  private let table: CSVTable
  private let preprocessing: Preprocessing
  private let folder: RunFolder
  private let divisions: [Fold]
  private let state: Mutex<State>

  private struct State {
    /// Per candidate, per fold.
    var scores: [[FoldScores?]]
    var leftOut = 0
    var failure: (any Error)?
  }

  init(
    _ validation: CrossValidation, table: CSVTable, preprocessing: Preprocessing,
    folder: RunFolder, divisions: [Fold]
  ) {
    self.validation = validation
    self.table = table
    self.preprocessing = preprocessing
    self.folder = folder
    self.divisions = divisions
    state = Mutex(
      State(
        scores: [[FoldScores?]](
          repeating: [FoldScores?](repeating: nil, count: divisions.count),
          count: validation.candidates.count)))
  }

  /// Does all runs of one fold.
  func run(
    _ index: Int, threads: Int, mayStart: () -> Bool, progress: (FinishedFit) -> Void
  ) {
    do {
      var data: PreparedData?
      for (number, candidate) in validation.candidates.enumerated() {
        if state.withLock({ $0.failure != nil }) { return }
        let run = FoldRun(classifier: candidate, fold: divisions[index])
        if let known = try folder.foldDocument(at: run.place) {
          finish(run, number, index, known.result, wasKnown: true, progress)
          continue
        }
        guard mayStart() else {
          state.withLock { $0.leftOut += 1 }
          continue
        }
        let prepared =
          try data
          ?? preprocessing.prepare(
            table, training: run.fold.training, test: run.fold.test,
            dividedBy: TrainTestSplit(
              testFraction: 1 / Double(validation.folds.count), seed: validation.folds.seed),
            advice: CrossValidation.adviceOnCategories)
        data = prepared
        let scores = try run.scores(on: prepared, threads: threads)
        try folder.record(FoldDocument(run, scores), at: run.place)
        finish(run, number, index, scores, wasKnown: false, progress)
      }
    } catch {
      state.withLock { state in
        if state.failure == nil { state.failure = error }
      }
    }
  }

  private func finish(
    _ run: FoldRun, _ candidate: Int, _ fold: Int, _ scores: FoldScores, wasKnown: Bool,
    _ progress: (FinishedFit) -> Void
  ) {
    state.withLock { state in
      state.scores[candidate][fold] = scores
      progress(
        FinishedFit(
          name: "\(run.name), repeat \(run.fold.repetition), fold \(run.fold.number)",
          accuracy: scores.scores[.accuracy], wasKnown: wasKnown))
    }
  }

  func outcome() throws -> (result: CrossValidationResult, leftOut: Int) {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      let models = zip(validation.candidates, state.scores).map { candidate, scores in
        ModelFolds(name: type(of: candidate).algorithm.rawValue, folds: scores.compactMap { $0 })
      }
      return (
        CrossValidationResult(folds: validation.folds, models: models, rope: validation.rope),
        state.leftOut
      )
    }
  }
}

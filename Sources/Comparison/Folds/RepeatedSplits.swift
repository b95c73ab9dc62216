import Classifiers
import Datasets
import Evaluation

/// The same classifiers on the train/test splits of several seeds: how often is each of them the best?
///
/// The seeds follow the run's own, which is the first (after 4294967295 comes 0). Each division is what a
/// run with its seed does: the same split, encoders and scaler fitted on the same rows, and the seed as
/// every `random_state` that was not set to another number.
struct RepeatedSplits: Sendable {
  let request: RunRequest
  let count: Int
  /// Chooses a threshold for each model, by folds of its own training rows; `nil` where the most probable
  /// class is predicted.
  var thresholds: ThresholdSearch?

  var fitCount: Int { count * request.candidates.count }

  /// What the run of each seed is asked for.
  private var requests: [RunRequest] {
    (0..<UInt32(count)).map { number in
      var request = request
      request.reseed(request.seed &+ number)
      return request
    }
  }

  /// Refuses tables whose rows cannot be divided so, before anything is fitted.
  func check(_ table: CSVTable) throws(DatasetError) {
    guard request.time == nil, request.testData == nil else {
      throw DatasetError(
        .badRequest,
        "--divisions divides rows by chance, and has no meaning with --time and --test-data")
    }
    let checksCategories = request.preprocessingFit == .training
    guard checksCategories || thresholds != nil else { return }
    for request in requests {
      let rows = try request.split.positions(in: table)
      try thresholds?.of(rows.training, seed: request.seed).check()
      guard checksCategories else { continue }
      try request.preprocessing.checkCategories(
        of: table, training: rows.training, test: rows.test, advice: request.adviceOnCategories)
    }
  }

  /// Does what is not in the folder yet; each result is on disk as soon as it is there.
  ///
  /// - Returns: the scores of all fits that are done, and how many were skipped.
  func run(
    on table: CSVTable, folder: RunFolder, threads: Int, mayStart: @Sendable () -> Bool,
    progress: @Sendable (FinishedFit) -> Void
  ) throws -> (result: RepeatedSplitsResult, skipped: Int) {
    let divisions = try requests.map { request in
      Division(
        name: .split(seed: request.seed), candidates: try request.classifiers(),
        thresholds: thresholds?.of(
          try request.split.positions(in: table).training, seed: request.seed)
      ) {
        let rows = try request.split.positions(in: table)
        return try request.preprocessing.prepare(
          table, training: rows.training, test: rows.test, dividedBy: request.split,
          advice: request.adviceOnCategories)
      }
    }
    let (scores, skipped) = try DivisionWork(divisions, in: folder).run(
      threads: threads, mayStart: mayStart, progress: progress)
    let names = request.candidates.map(\.algorithm.rawValue)
    return (
      RepeatedSplitsResult(
        count: count, seed: request.seed,
        scores: zip(names, scores).map { ($0, $1.compactMap { $0 }) }),
      skipped
    )
  }
}

extension RunRequest {
  fileprivate var adviceOnCategories: String {
    "fit on all rows with --fit-preprocessing all, or leave the row out (the division with seed \(seed))"
  }
}

public import Datasets
import Support

/// What is made of a row that cannot be predicted.
public enum RowErrorPolicy: String, CaseIterable, Sendable {
  case fail
  /// It is left out, and written to a second file.
  case skip
}

/// The file of predictions and, where rows may be skipped, the one of these beside it.
///
/// Both appear when they are whole, or not at all.
public struct PredictionFiles: Sendable {
  private let output: AtomicFile
  private let skipped: AtomicFile?

  /// `nil` where predictions go to the standard output.
  ///
  /// - Parameter path: the file of predictions; `nil` for the standard output. That of skipped rows has its name with
  ///   `.errors.csv` in place of `.csv`, or after a name that ends otherwise.
  /// - Throws: ``DatasetError`` where rows may be skipped, and there is no file beside which to write them.
  public init?(_ path: String?, onError: RowErrorPolicy) throws(DatasetError) {
    guard let path else {
      guard onError == .skip else { return nil }
      throw DatasetError(
        .badRequest,
        "--on-error skip needs --output FILE, beside which it writes a second file.")
    }
    output = AtomicFile(path)
    let name = path.hasSuffix(".csv") ? String(path.dropLast(".csv".count)) : path
    skipped = onError == .skip ? AtomicFile(name + ".errors.csv") : nil
  }

  /// Predicts all rows; what ends it early leaves no file.
  ///
  /// - Parameter threads: how many threads may work; it never changes the files.
  /// - Returns: what was written, as a sentence without its point.
  /// - Throws: ``DatasetError`` also if no row of some could be predicted; then only the skipped rows are written.
  public func write(_ prediction: BatchPrediction, threads: Int) throws -> String {
    do {
      return try predict(prediction, threads: threads)
    } catch {
      abandon()
      throw error
    }
  }

  private func predict(_ prediction: BatchPrediction, threads: Int) throws -> String {
    let counts = try prediction.run(
      threads: threads, writeSkipped: skipped.map { file in { try file.append($0) } }
    ) { try output.append($0) }
    try skipped?.finish()
    let place = skipped.map { ": see \($0.path)" } ?? ""
    guard counts.predicted > 0 || counts.skipped == 0 else {
      throw DatasetError(
        .badData, "\(output.path) was not written: no row could be predicted\(place)")
    }
    try output.finish()
    return "Predicted \(counts.predicted) rows into \(output.path)"
      + (counts.skipped > 0
        ? "; \(counts.skipped) \(counts.skipped == 1 ? "row" : "rows") could not be predicted\(place)"
        : "")
  }

  /// Removes what was written of files that are not whole, and says so.
  public func interruption() -> String {
    abandon()
    return "interrupted; \(output.path) was not written"
  }

  /// Removes what was written of files that are not whole.
  func abandon() {
    output.abandon()
    skipped?.abandon()
  }
}

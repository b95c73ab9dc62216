import Datasets
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

  /// - Parameter path: the file of predictions. That of skipped rows has its name with `.errors.csv` in place of
  ///   `.csv`, or after a name that ends otherwise.
  public init(_ path: String, onError: RowErrorPolicy) {
    output = AtomicFile(path)
    let name = path.hasSuffix(".csv") ? String(path.dropLast(".csv".count)) : path
    skipped = onError == .skip ? AtomicFile(name + ".errors.csv") : nil
  }

  /// Predicts all rows.
  ///
  /// - Parameter threads: how many threads may work; it never changes the files.
  /// - Returns: what was written, as a sentence without its point.
  /// - Throws: ``DatasetError`` also if no row of some could be predicted; then only the skipped rows are written.
  public func write(_ prediction: BatchPrediction, threads: Int) throws -> String {
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

  /// Removes what was written of files that are not whole.
  public func abandon() {
    output.abandon()
    skipped?.abandon()
  }
}

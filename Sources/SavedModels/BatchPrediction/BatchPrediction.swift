public import Datasets
import LinearAlgebra
import Support

/// Predicts the rows of a CSV file of any size with a saved model.
///
/// Rows are copied unchanged, followed by `predicted` and a `probability_<class>` for every class. Columns are
/// found by name; those that the model does not know, such as the target, are copied too. Rows are read, predicted
/// and written in blocks, so memory does not depend on their number.
///
///     let prediction = try BatchPrediction(of: "stones.csv", with: SavedPipeline(folder: "models"))
///     try prediction.run(threads: 2) { bytes in try output.write(bytes) }
public struct BatchPrediction {
  private let reader: CSVBlockReader
  private let rows: RowPredictor

  /// Opens the file and finds the model's columns.
  ///
  /// - Parameter path: "-" for the standard input.
  public init(
    of path: String, with pipeline: SavedPipeline, format: CSVFormat = CSVFormat(),
    decimalMark: DecimalMark = .point
  ) throws(DatasetError) {
    reader = try CSVBlockReader(contentsOf: path, format)
    let names = reader.columnNames
    var positions: [Int] = []
    for column in pipeline.columns {
      guard let position = names.firstIndex(where: { $0.hasBytes(of: column.name) }) else {
        throw DatasetError(
          .badData,
          "\(reader.fileName):1: expected a column \"\(column.name)\", which the model needs, found "
            + names.map { "\"\($0)\"" }.joined(separator: ", ")
            + (column.name.hasPrefix("column_") && format.hasHeader
              ? "; read a table without names with --no-header" : ""))
      }
      positions.append(position)
    }
    rows = RowPredictor(
      pipeline, positions: positions, columnCount: names.count, separator: reader.separator,
      lineEnd: reader.lineEnd, decimalMark: decimalMark)
    try check(rows.addedNames, of: "predictions")
  }

  /// Reads a model, opens the file and finds the model's columns.
  ///
  /// - Parameters:
  ///   - folder: the model's.
  ///   - path: "-" for the standard input.
  public init(with folder: String, of path: String, _ form: RowForm) throws {
    let pipeline = try SavedPipeline(folder: folder, unknownCategory: form.unknownCategory)
    try self.init(
      of: path, with: pipeline, format: form.format ?? CSVFormat(), decimalMark: form.decimalMark)
  }

  /// Refuses a column with the name of one that is written.
  private func check(_ added: [String], of what: String) throws(DatasetError) {
    for name in added where reader.columnNames.containsBytes(of: name) {
      throw DatasetError(
        .badData,
        "\(reader.fileName):1: expected no column \"\(name)\", which \(what) are written to; rename it"
      )
    }
  }

  /// Predicts all rows and passes them to `write`, complete lines in order, the header first.
  ///
  /// If a row cannot be predicted and is not skipped, the blocks before it have been written already. A text that is
  /// not CSV, such as one with a quote that is never closed, cannot be divided into rows, so none is skipped there.
  ///
  /// - Parameters:
  ///   - threads: how many threads may work; it never changes the output.
  ///   - writeSkipped: gets the rows that cannot be predicted, each as it stands in the file behind its line and the
  ///     reason, below a header; without it the first of them is an error. It is called as `write` is.
  ///   - write: called on any of the threads, one call at a time.
  /// - Returns: how many rows were predicted, and how many were skipped.
  /// - Throws: ``DatasetError`` with the line of the first row that cannot be predicted, or what
  ///   `write` throws.
  @discardableResult public func run(
    threads: Int, writeSkipped: ((UnsafeRawBufferPointer) throws -> Void)? = nil,
    write: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> (predicted: Int, skipped: Int) {
    try rows.header(reader.header).withUnsafeBytes(write)
    if let writeSkipped {
      try check(RowPredictor.failureNames, of: "rows that are skipped")
      try rows.failureHeader(reader.header).withUnsafeBytes(writeSkipped)
    }
    let onError: RowErrorPolicy = writeSkipped == nil ? .fail : .skip
    let roundSize = threads > 1 ? Self.blocksPerThread * threads : 1
    var counts = (predicted: 0, skipped: 0)
    var blocks = readBlocks(roundSize)
    var predicted: [Result<RowPredictor.Output, CSVError>] = []
    while true {
      // While this round's blocks are predicted, the last round's results are written and the next round's blocks
      // are read.
      let (results, next) = rows.predict(blocks.read, onError: onError, threads: threads) {
        Result {
          for result in predicted {
            let output = try result.mapError(fileError).get()
            try output.bytes.withUnsafeBytes(write)
            counts.predicted += output.rowCount
            guard let writeSkipped, output.failureCount > 0 else { continue }
            try output.failures.withUnsafeBytes(writeSkipped)
            counts.skipped += output.failureCount
          }
          guard let failure = blocks.failure else { return readBlocks(roundSize) }
          if blocks.read.isEmpty { throw failure }
          return ([], failure)
        }
      }
      let isLast = blocks.read.isEmpty
      predicted = results
      blocks = try next.get()
      if isLast { return counts }
    }
  }

  /// Enough that the others wait only briefly for the thread that writes and reads.
  private static let blocksPerThread = 2

  /// The next blocks, up to `count`, and the error if reading failed.
  private func readBlocks(_ count: Int) -> (read: [CSVBlock], failure: DatasetError?) {
    var blocks: [CSVBlock] = []
    do throws(DatasetError) {
      while blocks.count < count, let block = try reader.next() { blocks.append(block) }
      return (blocks, nil)
    } catch {
      return (blocks, error)
    }
  }

  private func fileError(_ error: CSVError) -> DatasetError {
    DatasetError(error, in: reader.fileName)
  }
}

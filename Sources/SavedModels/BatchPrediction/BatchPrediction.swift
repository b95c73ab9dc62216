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
    for name in rows.addedNames where names.containsBytes(of: name) {
      throw DatasetError(
        .badData,
        "\(reader.fileName):1: expected no column \"\(name)\", which predictions are written to; "
          + "rename it")
    }
  }

  /// Predicts all rows and passes them to `write`, complete lines in order, the header first.
  ///
  /// If a row cannot be predicted, the blocks before it have been written already.
  ///
  /// - Parameters:
  ///   - threads: how many threads may work; it never changes the output.
  ///   - write: called on any of them, one call at a time.
  /// - Returns: how many rows there were.
  /// - Throws: ``DatasetError`` with the line of the first row that cannot be predicted, or what
  ///   `write` throws.
  @discardableResult public func run(
    threads: Int, write: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    try rows.header(reader.header).withUnsafeBytes(write)
    let roundSize = threads > 1 ? Self.blocksPerThread * threads : 1
    var rowCount = 0
    var blocks = readBlocks(roundSize)
    var predicted: [Result<RowPredictor.Output, CSVError>] = []
    while true {
      // While this round's blocks are predicted, the last round's results are written and the next round's blocks
      // are read.
      let (results, next) = rows.predict(blocks.read, threads: threads) {
        Result {
          for result in predicted {
            let output = try result.mapError(fileError).get()
            try output.bytes.withUnsafeBytes(write)
            rowCount += output.rowCount
          }
          guard let failure = blocks.failure else { return readBlocks(roundSize) }
          if blocks.read.isEmpty { throw failure }
          return ([], failure)
        }
      }
      let isLast = blocks.read.isEmpty
      predicted = results
      blocks = try next.get()
      if isLast { return rowCount }
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

import Datasets

/// The rows of a CSV text that was sent, with columns found by name.
struct CSVRows {
  /// Text that is no table of the model's features.
  struct TableError: Error {
    /// The line, counted from 1.
    let line: Int
    let problem: String
  }

  /// A row, and the line on which it starts, counted from 1.
  struct Row {
    let line: Int
    let row: ReadRow
  }

  private(set) var rows: [Row] = []

  /// - Parameter limit: the most rows that are taken.
  init(_ bytes: [UInt8], _ model: ServedModel, limit: Int) throws(TableError) {
    let block = CSVBlock(file: bytes)
    var rows: [Row] = []
    /// Which feature each column has; `nil` before the header was read.
    var features: [Int?]?
    do throws(CSVBlock.RowError) {
      try block.forEachRow { _, cells, line throws(CSVBlock.RowError) in
        guard let features else {
          features = try Self.features(of: cells.map(\.text), model, line)
          return
        }
        guard cells.count == features.count else {
          throw CSVBlock.RowError(
            line: line,
            problem: "expected \(features.count) cells as in the header, found \(cells.count)")
        }
        guard rows.count < limit else {
          throw CSVBlock.RowError(line: line, problem: "expected at most \(limit) rows")
        }
        var reader = model.reader
        for (cell, feature) in zip(cells, features) {
          if let feature { reader.take(feature, .text(cell.text)) }
        }
        rows.append(Row(line: line + 1, row: reader.finish()))
      }
    } catch {
      throw TableError(line: error.line + 1, problem: error.problem)
    }
    guard features != nil else {
      throw TableError(line: 1, problem: "expected a line of column names, found nothing")
    }
    self.rows = rows
  }

  /// Columns that the model does not know are skipped, as batch scoring does.
  private static func features(
    of names: [String], _ model: ServedModel, _ line: Int
  ) throws(CSVBlock.RowError) -> [Int?] {
    let columns = model.pipeline.columns
    for (index, column) in columns.enumerated() {
      let count = names.count { $0 == column.name }
      guard count == 1 else {
        let listed = columns.map(\.name).joined(separator: ", ")
        throw CSVBlock.RowError(
          line: line,
          problem: count == 0
            ? "expected a column \"\(columns[index].name)\"; the model needs \(listed)"
            : "column \"\(columns[index].name)\" stands there twice")
      }
    }
    return names.map { name in columns.firstIndex { $0.name == name } }
  }
}

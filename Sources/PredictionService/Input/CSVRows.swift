import Datasets

/// The rows of a CSV text that was sent, with columns found by name.
struct CSVRows {
  let read: ReadRows
  /// The line on which each row starts, counted from 1.
  let lines: [Int]

  /// - Parameter limit: the most rows that are taken.
  /// - Throws: what is wrong where the text is no table of the model's features.
  init(_ bytes: [UInt8], _ model: ServedModel, limit: Int) throws(CSVError) {
    let block = CSVBlock(text: bytes)
    var reader = RowReader(model.features)
    var lines: [Int] = []
    /// Which feature each column has; `nil` before the header was read.
    var features: [Int?]?
    try block.forEachRow { _, cells, line throws(CSVError) in
      guard let features else {
        features = try Self.features(of: cells.map(\.text), model.features.names, line)
        return
      }
      guard cells.count == features.count else {
        throw CSVError(
          line: line,
          problem: "expected \(features.count) cells as in the header, found \(cells.count)")
      }
      guard lines.count < limit else {
        throw CSVError(line: line, problem: "expected at most \(limit) rows")
      }
      for (cell, feature) in zip(cells, features) {
        guard let feature else { continue }
        if reader.features.isNumber(feature), let number = cell.number {
          reader.take(feature, .number(number))
        } else {
          reader.take(feature, .text(cell.text))
        }
      }
      reader.endRow()
      lines.append(line)
    }
    guard features != nil else {
      throw CSVError(line: 1, problem: "expected a line of column names, found nothing")
    }
    read = reader.finish()
    self.lines = lines
  }

  /// Columns that the model does not know are skipped, as batch scoring does.
  private static func features(
    of columns: [String], _ names: [String], _ line: Int
  ) throws(CSVError) -> [Int?] {
    for name in names {
      let count = columns.count { $0 == name }
      guard count == 1 else {
        throw CSVError(
          line: line,
          problem: count == 0
            ? "expected a column \"\(name)\"; the model needs \(names.joined(separator: ", "))"
            : "column \"\(name)\" stands there twice")
      }
    }
    return columns.map { column in names.firstIndex(of: column) }
  }
}

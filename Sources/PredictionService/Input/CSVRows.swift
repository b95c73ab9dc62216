import Datasets
import Support

/// The rows of a CSV text, with columns found by name.
struct CSVRows {
  let read: ReadRows
  /// The line on which each row starts, counted from 1.
  let lines: [Int]

  /// - Parameter limit: the most rows that are accepted.
  /// - Throws: ``CSVError`` if the text is not a table of the model's features.
  init(_ bytes: [UInt8], _ model: ServedModel, limit: Int) throws(CSVError) {
    let (names, block) = try CSVBlock.table(bytes)
    let features = try Self.features(of: names, model.features.names)
    var reader = RowReader(model.features)
    var lines: [Int] = []
    try block.forEachRow { _, cells, line throws(CSVError) in
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
    read = reader.finish()
    self.lines = lines
  }

  /// Columns that the model does not know are skipped, as in batch prediction.
  private static func features(
    of columns: [String], _ names: [String]
  ) throws(CSVError) -> [Int?] {
    for name in names where !columns.containsBytes(of: name) {
      throw CSVError(
        line: 1,
        problem: "expected a column \"\(name)\"; the model needs \(names.joined(separator: ", "))")
    }
    return columns.map { column in names.firstIndex { $0.hasBytes(of: column) } }
  }
}

import Datasets
import LinearAlgebra
import ModelFiles
import SavedModels
import Support

/// The rows of a table as a model's ONNX graph takes them, with what the model says of each: a CSV file with the model's columns,
/// then the label and the probability of each class.
///
/// A missing value is an empty cell, and numbers are in the shortest form that reads back to the same bits.
struct EquivalenceTable {
  /// How many rows the model predicts.
  let rowCount: Int
  /// How many it refuses, such as those with a missing value where training had none.
  let refusedCount: Int
  let bytes: [UInt8]

  init(
    _ table: CSVTable, _ pipeline: SavedPipeline, threads: Int
  ) throws(DatasetError) {
    let inputs = try pipeline.columns.map { column throws(DatasetError) in
      try ColumnInput(column, of: table, unknownCategory: pipeline.unknownCategory)
    }
    let rows = (0..<table.rowCount).filter { row in
      inputs.allSatisfy { $0.values[row] != nil }
    }
    rowCount = rows.count
    refusedCount = table.rowCount - rows.count
    let values = rows.flatMap { row in inputs.map { $0.values[row] ?? .nan } }
    let shares = pipeline.probabilities(
      for: Matrix(rowCount: rows.count, columnCount: inputs.count, elements: values),
      threads: threads)
    let labels = pipeline.labels(of: shares)
    var answers = CSVWriter()
    answers.row(pipeline.columns.map(\.name) + ["label"] + pipeline.classNames)
    for (index, row) in rows.enumerated() {
      for input in inputs { input.write(row, to: &answers) }
      answers.cell(pipeline.classNames[labels[index]])
      for share in shares.row(index) { answers.cell(share) }
      answers.endRow()
    }
    bytes = answers.bytes
  }
}

/// A column of the model in a table.
private struct ColumnInput {
  /// Each row's number or code; NaN for a missing number, and `nil` for what the model refuses.
  let values: [Double?]
  /// Each word as the graph takes it, and every row's index among them; no words for numbers.
  private let words: [String]
  private let rows: [Int32]

  init(
    _ column: FeatureColumn, of table: CSVTable, unknownCategory: UnknownCategory
  ) throws(DatasetError) {
    switch table.content(of: column.name) {
    case nil:
      throw DatasetError(
        .badData,
        "\(table.fileName):1: expected a column \"\(column.name)\", which the model needs")
    case .numbers(let numbers) where column.categories == nil:
      values = numbers.map { $0.isNaN && column.substitute == nil ? nil : $0 }
      (words, rows) = ([], [])
    case .words(let words, let rows) where column.categories != nil:
      let mark = table.decimalMark
      let codes = words.map {
        try? column.value(of: $0, unknownCategory: unknownCategory, decimalMark: mark)
      }
      values = rows.map { codes[Int($0)] }
      self.rows = rows
      let known = column.categories ?? []
      self.words = words.map { word in
        // A word that is a value without being a category means that there is none.
        known.containsBytes(of: word) || (try? column.value(of: word, decimalMark: mark)) == nil
          ? word : ""
      }
    default:
      throw DatasetError(
        .badData,
        "\(table.fileName): column \"\(column.name)\": expected "
          + (column.categories == nil ? "numbers, found text" : "names, found numbers"))
    }
  }

  /// Writes a row's cell.
  func write(_ row: Int, to table: inout CSVWriter) {
    if !words.isEmpty {
      table.cell(words[Int(rows[row])])
    } else if let value = values[row], !value.isNaN {
      table.cell(value)
    } else {
      table.cell("")
    }
  }
}

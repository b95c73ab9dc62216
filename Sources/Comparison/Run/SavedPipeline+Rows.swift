public import Datasets
public import LinearAlgebra
import ModelFiles
public import SavedModels
import Support

extension SavedPipeline {
  /// How to read a table whose rows are to be predicted.
  ///
  /// What the model takes for names is read as words, whatever it looks like.
  func reading(_ decimalMark: DecimalMark, _ format: CSVFormat?) -> CSVReading {
    CSVReading(
      textColumns: columns.filter { $0.categories != nil }.map(\.name), decimalMark: decimalMark,
      format: format ?? CSVFormat(),
      missingWords: decimalMark.tableWords(preprocessing.missingWords))
  }

  /// Reads a request's table, whose rows are to be predicted.
  public func table(
    contentsOf path: String, _ request: RunRequest, threads: Int
  ) throws(DatasetError) -> CSVTable {
    try CSVTable(
      contentsOf: path, reading(request.decimalMark, request.format), threads: threads)
  }

  /// The probability of each class for some rows of a table: a row for each, a column per class.
  ///
  /// - Parameter rows: positions in the table, counted from 0.
  public func probabilities(
    of table: CSVTable, rows: [Int], threads: Int
  ) throws(DatasetError) -> Matrix {
    probabilities(for: try values(of: table, rows: rows), threads: threads)
  }

  /// The values of some rows of a table, not yet scaled: a row for each, a column per column of the model.
  ///
  /// - Parameter rows: positions in the table, counted from 0.
  func values(of table: CSVTable, rows: [Int]) throws(DatasetError) -> Matrix {
    var values = Matrix(rowCount: rows.count, columnCount: columns.count)
    for (feature, column) in columns.enumerated() {
      let cells = try cells(of: column, in: table, rows: rows)
      for (index, value) in cells.enumerated() { values[index, feature] = value }
    }
    return values
  }

  private func cells(
    of column: FeatureColumn, in table: CSVTable, rows: [Int]
  ) throws(DatasetError) -> [Double] {
    func fail(_ row: Int, _ problem: String) -> DatasetError {
      DatasetError(
        .badData,
        "\(table.fileName):\(table.line(ofRow: row)): column \"\(column.name)\": \(problem)")
    }
    guard let content = table.content(of: column.name) else {
      throw DatasetError(
        .badData,
        "\(table.fileName):1: expected a column \"\(column.name)\", which the model needs, found "
          + table.columnNames.map { "\"\($0)\"" }.listed())
    }
    switch content {
    case .numbers(let numbers):
      if column.substitute == nil, let row = rows.first(where: { numbers[$0].isNaN }) {
        throw fail(row, CellError.missing("").description)
      }
      return rows.map { numbers[$0] }
    case .words(let words, let numbers):
      let codes = words.map { word in
        Result { () throws(CellError) in
          try column.value(
            of: word, unknownCategory: unknownCategory, decimalMark: table.decimalMark)
        }
      }
      // In a column of the model's numbers a cell anywhere is none, and the table does not have the numbers.
      for row in column.categories == nil ? Array(numbers.indices) : rows where numbers[row] >= 0 {
        if case .failure(let error) = codes[Int(numbers[row])] {
          throw fail(row, error.description)
        }
      }
      return rows.map { (try? codes[Int(numbers[$0])].get()) ?? .nan }
    }
  }
}

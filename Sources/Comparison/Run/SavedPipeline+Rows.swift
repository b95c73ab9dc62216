public import Datasets
public import LinearAlgebra
public import SavedModels

extension SavedPipeline {
  /// Reads a request's table, whose rows are to be predicted.
  ///
  /// What the model takes for names is read as words, whatever it looks like.
  public func table(
    contentsOf path: String, _ request: RunRequest, threads: Int
  ) throws(DatasetError) -> CSVTable {
    let names = columns.filter { $0.categories != nil }.map(\.name)
    let reading = CSVReading(
      textColumns: names, decimalMark: request.decimalMark, format: request.format ?? CSVFormat(),
      missingWords: preprocessing.missingWords)
    return try CSVTable(contentsOf: path, reading, threads: threads)
  }

  /// The probability of each class for some rows of a table: a row for each, a column per class.
  ///
  /// - Parameter rows: positions in the table, counted from 0.
  public func probabilities(
    of table: CSVTable, rows: [Int], threads: Int
  ) throws(DatasetError) -> Matrix {
    var values = [Double](repeating: 0, count: rows.count * columns.count)
    for (feature, column) in columns.enumerated() {
      func fail(_ row: Int, _ problem: String) -> DatasetError {
        DatasetError(
          .badData,
          "\(table.fileName):\(table.line(ofRow: row)): column \"\(column.name)\": \(problem)")
      }
      guard let content = table.content(of: column.name) else {
        throw DatasetError(
          .badData,
          "\(table.fileName):1: expected a column \"\(column.name)\", which the model needs")
      }
      switch (content, column.content) {
      case (.numbers(let numbers), .numbers):
        if column.substitute == nil, let row = rows.first(where: { numbers[$0].isNaN }) {
          throw fail(row, CellError.missing("").description)
        }
        for (index, row) in rows.enumerated() {
          values[index * columns.count + feature] = numbers[row]
        }
      case (.words(let words, let numbers), .categories):
        let codes = words.map { word in
          Result { () throws(CellError) in try column.value(of: word) }
        }
        for (index, row) in rows.enumerated() {
          do throws(CellError) {
            values[index * columns.count + feature] = try codes[Int(numbers[row])].get()
          } catch {
            throw fail(row, error.description)
          }
        }
      default: throw fail(0, "expected numbers, as the model learned them, found text")
      }
    }
    return probabilities(
      for: Matrix(rowCount: rows.count, columnCount: columns.count, elements: values),
      threads: threads)
  }
}

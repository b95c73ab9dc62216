import Datasets
public import LinearAlgebra
import Support

/// What a model said about the test rows, as `predictions.csv` keeps it.
public struct TestPredictions: Hashable, Sendable {
  /// Where each test row stands in the file, counted from 0.
  public let rows: [Int]
  /// The true class of each test row, and the predicted one.
  public let actual: [Int]
  public let predicted: [Int]
  /// One row per test row, one column per class.
  public let probabilities: Matrix

  public init(_ run: EvaluatedModel) {
    rows = run.data.filePositions(of: run.test)
    actual = run.test.labels
    predicted = run.predicted
    probabilities = run.probabilities
  }

  /// Reads a model's `predictions.csv`.
  ///
  /// - Parameter classNames: the classes in the order of their indices.
  public init(contentsOf path: String, classNames: [String]) throws {
    let bytes = try Files.read(path)
    // Names are told apart by their bytes: two that look the same may be two classes.
    var labels: [[UInt8]: Int] = [:]
    for (index, name) in classNames.enumerated() { labels[Array(name.utf8)] = index }
    let width = classNames.count + 3
    let header = "expected row, actual, predicted and \(classNames.count) probabilities"
    var hasHeader = false
    var rows: [Int] = []
    var actual: [Int] = []
    var predicted: [Int] = []
    var shares: [Double] = []
    do throws(CSVError) {
      try CSVBlock(text: bytes, separator: UInt8(ascii: ",")).forEachRow {
        _, cells, line throws(CSVError) in
        guard hasHeader else {
          hasHeader = cells.count == width
          guard hasHeader else { throw CSVError(line: 1, problem: header) }
          return
        }
        guard cells.count == width, let row = Int(cells[0].text), row >= 0,
          let truth = labels[Array(cells[1].text.utf8)],
          let guess = labels[Array(cells[2].text.utf8)]
        else {
          throw CSVError(
            line: line,
            problem: "expected a row, two of the classes and \(classNames.count) probabilities")
        }
        rows.append(row)
        actual.append(truth)
        predicted.append(guess)
        for cell in cells[3...] {
          guard let share = cell.number, (0...1).contains(share) else {
            throw CSVError(
              line: line, problem: "expected a probability from 0 to 1, found \"\(cell.text)\"")
          }
          shares.append(share)
        }
      }
      guard hasHeader else { throw CSVError(line: 1, problem: header) }
    } catch {
      throw DatasetError(error, in: path)
    }
    self.rows = rows
    self.actual = actual
    self.predicted = predicted
    probabilities = Matrix(
      rowCount: actual.count, columnCount: classNames.count, elements: shares)
  }
}

import Datasets
public import LinearAlgebra

/// What a model said about the test rows, as `predictions.csv` keeps it.
public struct TestPredictions: Hashable, Sendable {
  /// Where each test row stands in the table, counted from 0.
  public let rows: [Int]
  /// The true class of each test row, and the predicted one.
  public let actual: [Int]
  public let predicted: [Int]
  /// One row per test row, one column per class.
  public let probabilities: Matrix

  public init(_ run: EvaluatedModel) {
    rows = run.test.rows
    actual = run.test.labels
    predicted = run.predicted
    probabilities = run.probabilities
  }

  /// Reads a model's `predictions.csv`.
  ///
  /// - Parameter classNames: the classes in the order of their indices.
  public init(contentsOf path: String, classNames: [String]) throws {
    let bytes = try FileSystem.read(path)
    // Names are told apart by their bytes: two that look the same may be two classes.
    var labels: [[UInt8]: Int] = [:]
    for (index, name) in classNames.enumerated() { labels[Array(name.utf8)] = index }
    var lines = DelimitedLines(bytes)
    let width = classNames.count + 3
    guard let header = lines.next(), header.count == width else {
      throw DatasetError(
        .badData, "\(path):1: expected row, actual, predicted and \(classNames.count) probabilities"
      )
    }
    var rows: [Int] = []
    var actual: [Int] = []
    var predicted: [Int] = []
    var shares: [Double] = []
    while let cells = lines.next() {
      guard cells.count == width, let row = Int(cells[0]), row >= 0,
        let truth = labels[Array(cells[1].utf8)],
        let guess = labels[Array(cells[2].utf8)]
      else {
        throw DatasetError(
          .badData,
          "\(path):\(lines.lineNumber): expected a row, two of the classes and "
            + "\(classNames.count) probabilities")
      }
      rows.append(row)
      actual.append(truth)
      predicted.append(guess)
      for cell in cells[3...] {
        guard let share = Double(cell), (0...1).contains(share) else {
          throw DatasetError(
            .badData,
            "\(path):\(lines.lineNumber): expected a probability from 0 to 1, found \"\(cell)\"")
        }
        shares.append(share)
      }
    }
    self.rows = rows
    self.actual = actual
    self.predicted = predicted
    probabilities = Matrix(
      rowCount: actual.count, columnCount: classNames.count, elements: shares)
  }
}

/// The cells of the lines of a CSV file that a run wrote: commas, and quotes where needed.
private struct DelimitedLines {
  private let bytes: [UInt8]
  private var position = 0
  private var nextLine = 1
  /// The line on which the last record began, counted from 1.
  private(set) var lineNumber = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> [String]? {
    guard position < bytes.count else { return nil }
    lineNumber = nextLine
    var cells: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\n") { nextLine += 1 }
      switch byte {
      case UInt8(ascii: "\"") where isQuoted && position < bytes.count && bytes[position] == byte:
        cell.append(byte)
        position += 1
      case UInt8(ascii: "\""):
        isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted, UInt8(ascii: "\n") where !isQuoted:
        cells.append(String(decoding: cell, as: UTF8.self))
        cell.removeAll(keepingCapacity: true)
        if byte == UInt8(ascii: "\n") { return cells }
      default:
        cell.append(byte)
      }
    }
    cells.append(String(decoding: cell, as: UTF8.self))
    return cells
  }
}

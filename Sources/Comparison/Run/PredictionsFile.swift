import Datasets
public import Evaluation
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
  /// The name of each test row's group; `nil` where rows stand alone.
  public let groups: [String]?

  public init(_ run: EvaluatedModel) {
    rows = run.data.filePositions(of: run.test)
    actual = run.test.labels
    predicted = run.predicted
    probabilities = run.probabilities
    groups = run.data.testGroupNames
  }

  /// The groups, numbered in the order of their first rows.
  public var sampleGroups: SampleGroups? {
    groups.map { names in
      var numbers: [[UInt8]: Int] = [:]
      let ofSample = names.map { name in
        let number = numbers[Array(name.utf8)] ?? numbers.count
        numbers[Array(name.utf8)] = number
        return number
      }
      return SampleGroups(ofSample: ofSample, count: numbers.count)
    }
  }

  init(rows: [Int], actual: [Int], predicted: [Int], probabilities: Matrix) {
    self.rows = rows
    self.actual = actual
    self.predicted = predicted
    self.probabilities = probabilities
    groups = nil
  }

  /// The file: a line per test row with its position in the table, its class, the predicted class, the probability of
  /// every class, and its group where rows come in groups. With many classes nearly all probabilities are zero, and left
  /// empty.
  func csv(classNames: [String]) -> [UInt8] {
    let names = classNames.map { CSVWriter.cell($0) }
    let hasManyClasses = names.count > ConfusionMatrix.fullLimit
    var table = CSVWriter(capacity: rows.count * 24 * (2 + names.count))
    table.row(
      ["row", "actual", "predicted"] + classNames.map { "probability_" + $0 }
        + (groups == nil ? [] : [Self.groupColumn]))
    for index in rows.indices {
      table.cell(rows[index])
      table.cell(prepared: names[actual[index]])
      table.cell(prepared: names[predicted[index]])
      for share in probabilities.row(index) {
        if hasManyClasses, share == 0 { table.cell(prepared: []) } else { table.cell(share) }
      }
      if let groups { table.cell(prepared: CSVWriter.cell(groups[index])) }
      table.endRow()
    }
    return table.bytes
  }

  /// The last column, where rows come in groups.
  static let groupColumn = "group"

  /// Reads a model's `predictions.csv`.
  ///
  /// - Parameter classNames: the classes in the order of their indices.
  public init(contentsOf path: String, classNames: [String]) throws {
    try self.init(Files.read(path), fileName: path, classNames: classNames)
  }

  /// - Parameter fileName: the file's name in errors.
  init(_ bytes: [UInt8], fileName: String, classNames: [String]) throws(DatasetError) {
    // Names are told apart by their bytes: two that look the same may be two classes.
    var labels: [[UInt8]: Int] = [:]
    for (index, name) in classNames.enumerated() { labels[Array(name.utf8)] = index }
    let width = classNames.count + 3
    let mayBeEmpty = classNames.count > ConfusionMatrix.fullLimit
    var groups: [String]?
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
          let hasGroups = cells.count == width + 1 && cells[width].text == Self.groupColumn
          if hasGroups { groups = [] }
          hasHeader = cells.count == width || hasGroups
          guard hasHeader else { throw CSVError(line: 1, problem: header) }
          return
        }
        guard cells.count == width + (groups == nil ? 0 : 1), let row = Int(cells[0].text),
          row >= 0,
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
        groups?.append(cells[cells.count - 1].text)
        for cell in cells[3..<width] {
          // Zeros of many classes are left out.
          let share = cell.number ?? (mayBeEmpty && cell.text.isEmpty ? 0 : nil)
          guard let share, (0...1).contains(share) else {
            throw CSVError(
              line: line, problem: "expected a probability from 0 to 1, found \"\(cell.text)\"")
          }
          shares.append(share)
        }
      }
      guard hasHeader else { throw CSVError(line: 1, problem: header) }
    } catch {
      throw DatasetError(error, in: fileName)
    }
    self.groups = groups
    self.rows = rows
    self.actual = actual
    self.predicted = predicted
    probabilities = Matrix(
      rowCount: actual.count, columnCount: classNames.count, elements: shares)
  }
}

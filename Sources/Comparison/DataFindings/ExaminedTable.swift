import Datasets
import LinearAlgebra

/// A table as the checks see it: its features before scaling, its classes, and its parts.
///
/// A missing number is NaN, and a name that is missing or that encoders do not know has no word: all checks pass
/// over both.
struct ExaminedTable: Sendable {
  struct Column: Sendable {
    let name: String
    /// A number per row of the table; of a column of names the index of each row's word.
    let values: [Double]
    /// The words of a column of names; `nil` for numbers.
    let words: [String]?
  }

  let columns: [Column]
  /// The class of each row; −1 for a row of neither part.
  let labels: [Int]
  let isTest: [Bool]
  let training: [Int]
  let test: [Int]
  let classNames: [String]
  /// How many training and test rows each class has.
  let trainingCounts: [Int]
  let testCounts: [Int]
  /// Whether equal rows may come into different parts, and need not.
  let isRandomSplit: Bool
  /// The folds that were asked for, and how many of the rows that they divide each class has.
  let folds: (count: Int, classCounts: [Int])?

  var rowCount: Int { labels.count }
  var classCounts: [Int] { zip(trainingCounts, testCounts).map(+) }

  /// Up to that many of some rows, evenly spread over them.
  static func sample(of rows: [Int], _ size: Int) -> [Int] {
    guard rows.count > size else { return rows }
    return (0..<size).map { rows[$0 * rows.count / size] }
  }
}

extension ExaminedTable {
  /// - Parameter foldsDivideAll: whether folds divide all rows, as in a sweep, and not the training rows.
  init(_ data: PreparedData, _ request: RunRequest, foldsDivideAll: Bool = false) {
    let names = data.columnNames
    columns = names.indices.map {
      Column(
        name: names[$0], values: data.values(of: $0), words: data.encoder(of: names[$0])?.classes)
    }
    let count = data.columns.first?.count ?? 0
    var labels = [Int](repeating: -1, count: count)
    var isTest = [Bool](repeating: false, count: count)
    for part in [data.training, data.test] {
      for (row, label) in zip(part.rows, part.labels) { labels[row] = label }
    }
    for row in data.test.rows { isTest[row] = true }
    (self.labels, self.isTest) = (labels, isTest)
    (training, test) = (data.training.rows, data.test.rows)
    classNames = data.training.classNames
    (trainingCounts, testCounts) = (data.training.classCounts, data.test.classCounts)
    isRandomSplit = request.folds == nil && request.split.method == .random
    let divided = foldsDivideAll ? zip(trainingCounts, testCounts).map(+) : trainingCounts
    folds = request.folds.map { ($0.count, divided) }
  }

  /// From the one that takes longest on.
  private static let checks: [@Sendable (ExaminedTable) -> [DataFinding]] = [
    EqualRowsCheck.findings, LeakCheck.findings, ZeroCheck.findings, RowNameCheck.findings,
    CodeCheck.findings, NumberNameCheck.findings, ConstantCheck.findings, ClassCheck.findings,
  ]

  /// What the checks have found, the worst first.
  ///
  /// - Parameters:
  ///   - ignored: codes to leave out.
  ///   - threads: how many threads may work; it never changes the result.
  func findings(ignoring ignored: [DataFinding.Code], threads: Int) -> [DataFinding] {
    Parallelism.map(Self.checks.count, threads: threads) { index, _ in
      Self.checks[index](self)
    }
    .flatMap { $0 }.filter { !ignored.contains($0.code) }.sorted { $0.rank < $1.rank }
  }
}

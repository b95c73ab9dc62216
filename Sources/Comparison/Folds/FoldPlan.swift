public import Datasets

/// How rows are divided into folds: each with the classes in the same shares, with whole groups, or in the order
/// of time.
public struct FoldPlan: Hashable, Sendable {
  /// How many folds the rows are divided into; at least 2.
  public let count: Int
  /// How many times they are divided; at least 1.
  public let repeats: Int
  public let seed: UInt32
  /// The column of the groups that stay whole; `nil` where rows stand alone.
  public let group: String?
  /// The column of the times; `nil` where rows have no order.
  public let time: String?

  public init(
    count: Int, repeats: Int = 1, seed: UInt32, group: String? = nil, time: String? = nil
  ) {
    precondition(count >= 2 && repeats >= 1, "at least two folds, at least once")
    self.count = count
    self.repeats = repeats
    self.seed = seed
    self.group = group
    self.time = time
  }

  /// The folds of some rows of a table, repeat by repeat.
  ///
  /// - Parameter rows: the rows that are divided, in an order that the folds depend on; `nil` for all.
  public func folds(
    of table: CSVTable, rows: [Int]? = nil, preprocessing: Preprocessing
  ) throws(DatasetError) -> [Fold] {
    let rows = rows ?? Array(0..<table.rowCount)
    if let time {
      let ranks = try table.timeRanks(by: time)
      return try TimeFolds(count: count).folds(
        ranks: rows.map { ranks[$0] }, fileName: table.fileName
      ).map { $0.of(rows) }
    }
    let (labels, classNames) = try preprocessing.labels(of: table)
    let own = rows.map { labels[$0] }
    let folds: [Fold]
    if let group {
      let groups = try table.groups(by: group).numbered(rows)
      folds = try GroupFolds(count: count, repeats: repeats, seed: seed).folds(
        labels: own, groups: groups.ofRow, groupCount: groups.count, classNames: classNames,
        fileName: table.fileName)
    } else {
      folds = try StratifiedFolds(count: count, repeats: repeats, seed: seed).folds(
        labels: own, classNames: classNames, fileName: table.fileName)
    }
    return folds.map { $0.of(rows) }
  }
}

/// The rows to learn from and the rows to judge on; in ascending order, or in the order of time.
public struct Fold: Hashable, Sendable {
  /// Counted from 1.
  public let repetition: Int
  /// Counted from 1.
  public let number: Int
  public let training: [Int]
  public let test: [Int]

  /// The same fold of other rows, of which it has the places.
  func of(_ rows: [Int]) -> Fold {
    Fold(
      repetition: repetition, number: number, training: training.map { rows[$0] },
      test: test.map { rows[$0] })
  }
}

extension [Int] {
  /// The folds of one repeat.
  ///
  /// - Parameter self: the fold of each row, counted from 0.
  func folds(_ count: Int, repetition: Int) -> [Fold] {
    (0..<count).map { fold in
      Fold(
        repetition: repetition, number: fold + 1, training: indices.filter { self[$0] != fold },
        test: indices.filter { self[$0] == fold })
    }
  }
}

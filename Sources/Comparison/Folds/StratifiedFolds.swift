public import Datasets

/// A seeded division of rows into folds that each have the classes in the same shares, once or repeatedly.
///
/// The folds are those of scikit-learn's `StratifiedKFold(n_splits=count, shuffle=True,
/// random_state=seed)`, and, with more than one repeat, of `RepeatedStratifiedKFold`.
public struct StratifiedFolds: Hashable, Sendable {
  /// How many folds the rows are divided into; at least 2.
  public let count: Int
  /// How many times they are divided; at least 1.
  public let repeats: Int
  public let seed: UInt32

  public init(count: Int, repeats: Int = 1, seed: UInt32) {
    precondition(count >= 2 && repeats >= 1, "at least two folds, at least once")
    self.count = count
    self.repeats = repeats
    self.seed = seed
  }

  /// The folds, repeat by repeat.
  ///
  /// - Parameters:
  ///   - labels: the class of each row, an index into `classNames`.
  ///   - fileName: what an error names.
  public func folds(
    labels: [Int], classNames: [String], fileName: String
  ) throws(DatasetError) -> [Fold] {
    try check(labels, classNames, fileName)
    var twister = MersenneTwister(seed: seed)
    var folds: [Fold] = []
    for repetition in 1...repeats {
      folds += division(labels, &twister).folds(count, repetition: repetition)
    }
    return folds
  }

  private func check(
    _ labels: [Int], _ classNames: [String], _ fileName: String
  ) throws(DatasetError) {
    var sizes = [Int](repeating: 0, count: classNames.count)
    for label in labels { sizes[label] += 1 }
    guard sizes.contains(where: { $0 >= count }) else {
      throw DatasetError(
        .badData,
        "\(fileName): expected a class with at least \(count) rows for \(count) folds, found at most "
          + "\(sizes.max() ?? 0) rows in a class; cross-validate with fewer folds")
    }
    guard let single = sizes.firstIndex(of: 1) else { return }
    throw DatasetError(
      .badData,
      "\(fileName): expected at least 2 rows of each class to cross-validate, found 1 of class "
        + "\"\(classNames[single])\"; leave the row out, or join the class to another with --classes"
    )
  }

  /// The fold of each row.
  ///
  /// Every class, in the order in which classes first occur, gets as many rows in each fold as dealing
  /// out the rows sorted by class would give it; which of its rows they are is drawn.
  private func division(_ labels: [Int], _ twister: inout MersenneTwister) -> [Int] {
    var rank: [Int: Int] = [:]
    for label in labels where rank[label] == nil { rank[label] = rank.count }
    let codes = labels.map { rank[$0] ?? 0 }
    var rowsOfClass = [[Int]](repeating: [], count: rank.count)
    for (row, code) in codes.enumerated() { rowsOfClass[code].append(row) }

    var foldOfRow = [Int](repeating: 0, count: labels.count)
    var dealt = 0
    for rows in rowsOfClass {
      var shares = [Int](repeating: 0, count: count)
      for place in dealt..<dealt + rows.count { shares[place % count] += 1 }
      dealt += rows.count
      var folds = shares.enumerated().flatMap { fold, share in repeatElement(fold, count: share) }
      twister.shuffle(&folds)
      for (row, fold) in zip(rows, folds) { foldOfRow[row] = fold }
    }
    return foldOfRow
  }
}

import Datasets

/// A division of rows into folds in the order of time, each judged by a model that learned from all rows before.
///
/// The folds are those of scikit-learn's `TimeSeriesSplit(n_splits=count)` of the rows in the order of their
/// times; rows of one time keep their order. The first rows are in no fold.
struct TimeFolds: Hashable, Sendable {
  /// At least 2.
  let count: Int

  /// - Parameters:
  ///   - ranks: the place of each row's time among all times.
  ///   - fileName: what an error names.
  func folds(ranks: [Int], fileName: String) throws(DatasetError) -> [Fold] {
    let size = ranks.count / (count + 1)
    guard size > 0 else {
      throw DatasetError(
        .badData,
        "\(fileName): expected at least \(count + 1) rows for \(count) folds in the order of time, found "
          + "\(ranks.count); cross-validate with fewer folds")
    }
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    let first = ranks.count - count * size
    return (0..<count).map { fold in
      let start = first + fold * size
      return Fold(
        repetition: 1, number: fold + 1, training: Array(order[..<start]),
        test: Array(order[start..<start + size]))
    }
  }
}

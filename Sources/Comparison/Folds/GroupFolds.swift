import Datasets

/// A seeded division of rows into folds that keep groups whole, and have the classes in shares as equal as groups
/// allow, once or repeatedly.
///
/// The folds are those of scikit-learn's `StratifiedGroupKFold(n_splits=count, shuffle=True,
/// random_state=seed)`; more repeats go on drawing from the same generator, as `RepeatedStratifiedKFold` does.
struct GroupFolds: Hashable, Sendable {
  /// At least 2.
  let count: Int
  /// At least 1.
  let repeats: Int
  let seed: UInt32

  /// The folds, repeat by repeat.
  ///
  /// - Parameters:
  ///   - labels: the class of each row, an index into `classNames`.
  ///   - groups: the group of each row, below `groupCount`; every group has a row.
  ///   - fileName: what an error names.
  func folds(
    labels: [Int], groups: [Int], groupCount: Int, classNames: [String], fileName: String
  ) throws(DatasetError) -> [Fold] {
    try check(labels, groups, groupCount, classNames, fileName)
    var twister = MersenneTwister(seed: seed)
    var folds: [Fold] = []
    for repetition in 1...repeats {
      folds += division(labels, groups, groupCount, &twister).folds(count, repetition: repetition)
    }
    guard let empty = folds.first(where: { $0.test.isEmpty || $0.training.isEmpty }) else {
      return folds
    }
    throw DatasetError(
      .badData,
      "\(fileName): expected rows in each of \(count) folds, found none in fold \(empty.number), since "
        + "groups are too uneven; cross-validate with fewer folds")
  }

  private func check(
    _ labels: [Int], _ groups: [Int], _ groupCount: Int, _ classNames: [String],
    _ fileName: String
  ) throws(DatasetError) {
    guard groupCount >= count else {
      throw DatasetError(
        .badData,
        "\(fileName): expected at least \(count) groups for \(count) folds, found \(groupCount) in the rows "
          + "that are divided; cross-validate with fewer folds")
    }
    var sizes = [Int](repeating: 0, count: classNames.count)
    var groupsOfClass = [Set<Int>](repeating: [], count: classNames.count)
    for (label, group) in zip(labels, groups) {
      sizes[label] += 1
      if groupsOfClass[label].count < 2 { groupsOfClass[label].insert(group) }
    }
    guard sizes.contains(where: { $0 >= count }) else {
      throw DatasetError(
        .badData,
        "\(fileName): expected a class with at least \(count) rows for \(count) folds, found at most "
          + "\(sizes.max() ?? 0) rows in a class; cross-validate with fewer folds")
    }
    guard let single = groupsOfClass.firstIndex(where: { $0.count == 1 }) else { return }
    throw DatasetError(
      .badData,
      "\(fileName): expected each class in at least 2 groups to cross-validate, found class "
        + "\"\(classNames[single])\" in 1; leave its rows out, or join the class to another with --classes"
    )
  }

  /// The fold of each row.
  ///
  /// Groups come in the order of how unevenly they have the classes, after a shuffle that decides among equal
  /// ones. Each goes where the classes' shares then differ least from fold to fold, and among folds that are
  /// nearly equal in that to the one with the fewest rows.
  private func division(
    _ labels: [Int], _ groups: [Int], _ groupCount: Int, _ twister: inout MersenneTwister
  ) -> [Int] {
    // Classes without a row have no share in a mean over the classes.
    let occurring = Set(labels).sorted()
    var place = [Int](repeating: 0, count: (occurring.last ?? 0) + 1)
    for (index, label) in occurring.enumerated() { place[label] = index }
    var countsOfGroup = [[Double]](
      repeating: [Double](repeating: 0, count: occurring.count), count: groupCount)
    for (label, group) in zip(labels, groups) { countsOfGroup[group][place[label]] += 1 }
    let sizes = occurring.indices.map { index in
      countsOfGroup.reduce(0) { $0 + $1[index] }
    }

    let shuffled = twister.permutation(groupCount)
    let unevenness = shuffled.map { Self.deviation(countsOfGroup[$0]) }
    let order = unevenness.indices.sorted { (-unevenness[$0], $0) < (-unevenness[$1], $1) }
    var countsOfFold = [[Double]](
      repeating: [Double](repeating: 0, count: occurring.count), count: count)
    var foldOfGroup = [Int](repeating: 0, count: groupCount)
    for index in order {
      let counts = countsOfGroup[shuffled[index]]
      let fold = bestFold(for: counts, countsOfFold, sizes)
      for label in counts.indices { countsOfFold[fold][label] += counts[label] }
      foldOfGroup[shuffled[index]] = fold
    }
    return groups.map { foldOfGroup[$0] }
  }

  private func bestFold(
    for counts: [Double], _ countsOfFold: [[Double]], _ sizes: [Double]
  ) -> Int {
    var best = 0
    var (least, fewest) = (Double.infinity, Double.infinity)
    var deviations = [Double](repeating: 0, count: sizes.count)
    for fold in countsOfFold.indices {
      for label in sizes.indices {
        deviations[label] = spread(label, sizes[label], countsOfFold) {
          $0 == fold ? counts[label] : 0
        }
      }
      let value = PairwiseSum.sum(deviations) / Double(deviations.count)
      let rows = countsOfFold[fold].reduce(0, +)
      // `numpy.isclose`, with its own tolerances.
      let isClose = abs(value - least) <= 1e-8 + 1e-5 * least && least.isFinite
      if value < least || isClose && rows < fewest { (best, least, fewest) = (fold, value, rows) }
    }
    return best
  }

  /// The deviation of a class's shares over the folds; numpy sums along the first axis one by one.
  private func spread(
    _ label: Int, _ size: Double, _ countsOfFold: [[Double]], adding: (Int) -> Double
  ) -> Double {
    var sum = 0.0
    for fold in countsOfFold.indices { sum += (countsOfFold[fold][label] + adding(fold)) / size }
    let mean = sum / Double(count)
    var squares = 0.0
    for fold in countsOfFold.indices {
      let rest = (countsOfFold[fold][label] + adding(fold)) / size - mean
      squares += rest * rest
    }
    return (squares / Double(count)).squareRoot()
  }

  /// `numpy.std` of a row.
  private static func deviation(_ numbers: [Double]) -> Double {
    let count = Double(numbers.count)
    let mean = PairwiseSum.sum(numbers) / count
    let squares = numbers.map { ($0 - mean) * ($0 - mean) }
    return (PairwiseSum.sum(squares) / count).squareRoot()
  }
}

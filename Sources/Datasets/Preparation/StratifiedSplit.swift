/// A seeded split of rows into two parts that have the classes in the same shares: scikit-learn's
/// `train_test_split(test_size=…, stratify=labels, random_state=seed)`.
package struct StratifiedSplit: Sendable {
  /// How many rows the second part has.
  let testCount: Int
  let seed: UInt32

  package init(testCount: Int, seed: UInt32) {
    self.testCount = testCount
    self.seed = seed
  }

  /// The rows of both parts.
  ///
  /// - Parameter labels: the class of each row, below `classCount`.
  /// - Precondition: every class has two rows, and each part as many rows as there are classes.
  package func positions(
    labels: [Int], classCount: Int
  ) -> (training: [Int], test: [Int]) {
    var rowsOfClass = [[Int]](repeating: [], count: classCount)
    for (row, label) in labels.enumerated() { rowsOfClass[label].append(row) }
    var twister = MersenneTwister(seed: seed)
    let counts = rowsOfClass.map(\.count)
    let trainingCounts = Self.shares(of: labels.count - testCount, counts, &twister)
    let testCounts = Self.shares(
      of: testCount, zip(counts, trainingCounts).map { $0 - $1 }, &twister)
    var (training, test): ([Int], [Int]) = ([], [])
    for (label, rows) in rowsOfClass.enumerated() {
      let order = twister.permutation(rows.count).map { rows[$0] }
      let border = trainingCounts[label]
      training += order[..<border]
      test += order[border..<border + testCounts[label]]
    }
    twister.shuffle(&training)
    twister.shuffle(&test)
    return (training, test)
  }

  /// So many rows divided among classes in proportion to their sizes; those left over by rounding down go to the
  /// largest remainders, and among equal ones by lot.
  private static func shares(
    of rowCount: Int, _ sizes: [Int], _ twister: inout MersenneTwister
  ) -> [Int] {
    let total = Double(sizes.reduce(0, +))
    let exact = sizes.map { Double($0) / total * Double(rowCount) }
    var shares = exact.map { Int($0.rounded(.down)) }
    var leftOver = rowCount - shares.reduce(0, +)
    guard leftOver > 0 else { return shares }
    let remainders = exact.map { $0 - $0.rounded(.down) }
    for remainder in Set(remainders).sorted(by: >) {
      let equal = remainders.indices.filter { remainders[$0] == remainder }
      let chosen = twister.permutation(equal.count).prefix(leftOver)
      for place in chosen { shares[equal[place]] += 1 }
      leftOver -= chosen.count
      if leftOver == 0 { break }
    }
    return shares
  }
}

import Support

/// A split of rows into a training part and a test part: seeded, by time, or as two files give it.
public struct TrainTestSplit: Hashable, Sendable {
  /// How it is decided which part a row belongs to.
  public enum Method: String, CaseIterable, Codable, Hashable, Sendable {
    /// By a random order of all rows, as scikit-learn does: one row more makes another split.
    case random
    /// By a hash of the row's cells and the seed: a row stays in its part while the table grows, and
    /// equal rows are in the same part.
    case stable
  }

  /// The share of rows in the test part, between 0 and 1; a random part is rounded up.
  public let testFraction: Double
  public let seed: UInt32
  public let method: Method
  /// The column of the groups that stay whole; `nil` where rows stand alone.
  public let group: String?
  /// The column of the times, the last of which are tested on; `nil` where rows have no order.
  public let time: String?

  public init(
    testFraction: Double = 0.2, seed: UInt32 = 42, method: Method = .random, group: String? = nil,
    time: String? = nil
  ) {
    self.testFraction = testFraction
    self.seed = seed
    self.method = method
    self.group = group
    self.time = time
  }

  /// The same split, as one that gives another fraction of the rows to the test part.
  func giving(_ fraction: Double) -> TrainTestSplit {
    TrainTestSplit(testFraction: fraction, seed: seed, method: method, group: group, time: time)
  }

  /// The rows of both parts of a table: by its second file where it has one, else by time, by groups, or row by
  /// row.
  public func positions(in table: CSVTable) throws(DatasetError) -> (training: [Int], test: [Int]) {
    if let file = table.testFile {
      let test = Array(file.firstRow..<table.rowCount)
      try group.map { name throws(DatasetError) in try check(name, test, in: table) }
      return (Array(0..<file.firstRow), test)
    }
    if let time { return try positions(ranks: table.timeRanks(by: time), in: table, by: time) }
    if let group { return try positions(groups: table.groups(by: group), in: table, by: group) }
    guard method == .stable else { return try positions(sampleCount: table.rowCount) }
    try checkFraction()
    let isTest = (0..<table.rowCount).map { table.share(ofRow: $0, seed: seed) < testFraction }
    let (training, test) = Self.parts(isTest)
    try check(training.count, test.count)
    return (training, test)
  }

  private static func parts(_ isTest: [Bool]) -> (training: [Int], test: [Int]) {
    (isTest.indices.filter { !isTest[$0] }, isTest.indices.filter { isTest[$0] })
  }

  /// The rows of both parts, as scikit-learn's `GroupShuffleSplit(n_splits=1, test_size=testFraction,
  /// random_state=seed)` divides them: so many of the groups, and not of the rows, are tested on.
  private func positions(
    groups: RowGroups, in table: CSVTable, by name: String
  ) throws(DatasetError) -> (training: [Int], test: [Int]) {
    guard groups.names.count > 1 else {
      throw DatasetError(
        .badData,
        "\(table.fileName): column \"\(name)\": expected at least two groups, found only "
          + "\"\(groups.names[0])\"")
    }
    var isTested = [Bool](repeating: false, count: groups.names.count)
    for group in try positions(sampleCount: groups.names.count, called: "group").test {
      isTested[group] = true
    }
    return Self.parts(groups.ofRow.map { isTested[$0] })
  }

  /// The rows of both parts in the order of time; rows of one time keep theirs, and are on one side.
  ///
  /// The time at the border goes to the test part, unless nothing would be left to learn from.
  private func positions(
    ranks: [Int], in table: CSVTable, by name: String
  ) throws(DatasetError) -> (training: [Int], test: [Int]) {
    try checkFraction()
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    var border = order.count - Int((testFraction * Double(order.count)).rounded(.up))
    let rank = border < order.count ? ranks[order[border]] : 0
    border = order.firstIndex { ranks[$0] >= rank } ?? 0
    if border == 0 { border = order.firstIndex { ranks[$0] > rank } ?? 0 }
    guard border > 0 else {
      throw DatasetError(
        .badData,
        "\(table.fileName): column \"\(name)\": expected at least two times, the earlier ones to learn "
          + "from and the later ones to test on, found one")
    }
    return (Array(order[..<border]), Array(order[border...]))
  }

  /// Refuses a group of the test file that the training file has, too.
  private func check(
    _ name: String, _ test: [Int], in table: CSVTable
  ) throws(DatasetError) {
    let groups = try table.groups(by: name)
    let known = Set(groups.ofRow[..<test[0]])
    guard let row = test.first(where: { known.contains(groups.ofRow[$0]) }) else { return }
    throw DatasetError(
      .badData,
      "\(table.place(ofRow: row)): column \"\(name)\": expected groups that \(table.fileName) does not "
        + "have, found \"\(groups.names[groups.ofRow[row]])\"; leave its rows out of one of the files"
    )
  }

  /// The rows of both parts, in the order of scikit-learn's
  /// `train_test_split(test_size=testFraction, random_state=seed)`.
  public func positions(
    sampleCount: Int, called unit: String = "row"
  ) throws(DatasetError) -> (training: [Int], test: [Int]) {
    try checkFraction()
    let testCount = Int((testFraction * Double(sampleCount)).rounded(.up))
    // scikit-learn rounds the training part down.
    try check(sampleCount - testCount, testCount, unit)
    var twister = MersenneTwister(seed: seed)
    let order = twister.permutation(sampleCount)
    return (Array(order[testCount...]), Array(order[..<testCount]))
  }

  private func checkFraction() throws(DatasetError) {
    guard testFraction > 0, testFraction < 1 else {
      throw DatasetError(
        .badRequest, "the test fraction must be above 0 and below 1, was \(testFraction)")
    }
  }

  private func check(
    _ trainingCount: Int, _ testCount: Int, _ unit: String = "row"
  ) throws(DatasetError) {
    guard testCount > 0, trainingCount > 0 else {
      let count = trainingCount + testCount
      throw DatasetError(
        .badData,
        "expected \(unit)s for training and for testing; \(count) \(unit)\(count == 1 ? "" : "s") with a "
          + "test fraction of \(testFraction) \(count == 1 ? "leaves" : "leave") \(trainingCount) and "
          + "\(testCount)")
    }
  }
}

extension CSVTable {
  /// A number from 0 to 1 that a row's cells and the seed decide alone.
  fileprivate func share(ofRow row: Int, seed: UInt32) -> Double {
    var bytes = Array("\(seed)".utf8)
    for column in columns {
      bytes.append(0)
      bytes +=
        (column.isNumeric ? "\(column.numbers[row])" : column.words[Int(column.wordNumbers[row])])
        .utf8
    }
    // 52 bits, which a Double has.
    return Double(UInt64(SHA256.hexDigest(of: bytes).prefix(13), radix: 16) ?? 0) * 0x1p-52
  }
}

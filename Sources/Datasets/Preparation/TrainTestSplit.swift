import Support

/// A seeded split of rows into a training part and a test part.
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

  public init(testFraction: Double = 0.2, seed: UInt32 = 42, method: Method = .random) {
    self.testFraction = testFraction
    self.seed = seed
    self.method = method
  }

  /// The rows of both parts of a table.
  public func positions(in table: CSVTable) throws(DatasetError) -> (training: [Int], test: [Int]) {
    guard method == .stable else { return try positions(sampleCount: table.rowCount) }
    try checkFraction()
    let isTest = (0..<table.rowCount).map { table.share(ofRow: $0, seed: seed) < testFraction }
    let (training, test) = (
      isTest.indices.filter { !isTest[$0] }, isTest.indices.filter { isTest[$0] }
    )
    try check(training.count, test.count)
    return (training, test)
  }

  /// The rows of both parts, in the order of scikit-learn's
  /// `train_test_split(test_size=testFraction, random_state=seed)`.
  public func positions(
    sampleCount: Int
  ) throws(DatasetError) -> (training: [Int], test: [Int]) {
    try checkFraction()
    let testCount = Int((testFraction * Double(sampleCount)).rounded(.up))
    // scikit-learn rounds the training part down.
    try check(sampleCount - testCount, testCount)
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

  private func check(_ trainingCount: Int, _ testCount: Int) throws(DatasetError) {
    guard testCount > 0, trainingCount > 0 else {
      let count = trainingCount + testCount
      throw DatasetError(
        .badData,
        "expected rows for training and for testing; \(count == 1 ? "1 row" : "\(count) rows") with a "
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

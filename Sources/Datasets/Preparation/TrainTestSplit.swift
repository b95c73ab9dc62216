/// A seeded split of rows into a training part and a test part.
public struct TrainTestSplit: Hashable, Sendable {
  /// The share of rows in the test part, between 0 and 1; the part is rounded up.
  public let testFraction: Double
  public let seed: UInt32

  public init(testFraction: Double = 0.2, seed: UInt32 = 42) {
    self.testFraction = testFraction
    self.seed = seed
  }

  /// The rows of both parts, in the order of scikit-learn's
  /// `train_test_split(test_size=testFraction, random_state=seed)`.
  public func positions(
    sampleCount: Int
  ) throws(DatasetError) -> (training: [Int], test: [Int]) {
    guard testFraction > 0, testFraction < 1 else {
      throw DatasetError(
        .badRequest, "the test fraction must be above 0 and below 1, was \(testFraction)")
    }
    let testCount = Int((testFraction * Double(sampleCount)).rounded(.up))
    // scikit-learn rounds the training part down.
    let trainingCount = sampleCount - testCount
    guard testCount > 0, trainingCount > 0 else {
      throw DatasetError(
        .badData,
        "expected rows for training and for testing; "
          + (sampleCount == 1 ? "1 row" : "\(sampleCount) rows")
          + " with a test fraction of \(testFraction) "
          + "\(sampleCount == 1 ? "leaves" : "leave") \(trainingCount) and \(testCount)")
    }
    var twister = MersenneTwister(seed: seed)
    let order = twister.permutation(sampleCount)
    return (Array(order[testCount...]), Array(order[..<testCount]))
  }
}

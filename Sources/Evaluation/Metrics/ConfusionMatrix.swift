/// How often each class was taken for each class.
public struct ConfusionMatrix: Hashable, Sendable {
  /// `counts[i][j]`: how many samples of class `i` were predicted to be of class `j`.
  public let counts: [[Int]]

  public init(actual: [Int], predicted: [Int], classCount: Int) {
    precondition(actual.count == predicted.count, "one prediction per sample")
    var flat = [Int](repeating: 0, count: classCount * classCount)
    for (truth, guess) in zip(actual, predicted) { flat[truth * classCount + guess] += 1 }
    counts = (0..<classCount).map { Array(flat[$0 * classCount..<($0 + 1) * classCount]) }
  }

  init(counts: [[Int]]) { self.counts = counts }

  public subscript(actual i: Int, predicted j: Int) -> Int { counts[i][j] }

  public var classCount: Int { counts.count }
  public var total: Int { counts.joined().reduce(0, +) }
  /// How many samples each class has.
  public var actualCounts: [Int] { counts.map { $0.reduce(0, +) } }
  /// How many samples were predicted to be of each class.
  public var predictedCounts: [Int] {
    counts.indices.map { label in counts.reduce(0) { $0 + $1[label] } }
  }
}

/// What it costs to take samples of one class for another; being right costs nothing.
public struct MistakeCosts: Hashable, Sendable {
  /// `matrix[i][j]`: what a sample of class `i` costs that is predicted to be of class `j`.
  public let matrix: [[Double]]

  /// - Parameter matrix: a row and a column per class, of finite numbers from 0 on.
  public init(_ matrix: [[Double]]) {
    precondition(matrix.allSatisfy { $0.count == matrix.count }, "a square")
    self.matrix = matrix
  }

  public subscript(actual i: Int, predicted j: Int) -> Double { matrix[i][j] }

  /// What all samples of a matrix cost.
  func total(of counts: ConfusionMatrix) -> Double {
    var sum = 0.0
    for (counts, costs) in zip(counts.counts, matrix) {
      for (count, cost) in zip(counts, costs) { sum += Double(count) * cost }
    }
    return sum
  }

  /// What a sample costs on average; `nil` without samples.
  public func mean(of counts: ConfusionMatrix) -> Double? {
    counts.total == 0 ? nil : total(of: counts) / Double(counts.total)
  }
}

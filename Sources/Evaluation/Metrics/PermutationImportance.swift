import LinearAlgebra

/// By how much accuracy falls when the values of one feature are shuffled among the samples.
///
/// With the permutations that numpy draws it equals scikit-learn's `permutation_importance`, in which
/// every feature is shuffled by the same permutations, each upon the result of the one before.
///
/// - SeeAlso: Breiman, "Random forests", 2001, doi:10.1023/A:1010933404324.
public struct PermutationImportance: Hashable, Sendable {
  /// `drops[feature][repeat]`: the accuracy before shuffling less the one after.
  public let drops: [[Double]]
  /// How far each feature's mean drop would vary with other samples: the standard error over the
  /// samples of their own mean drops.
  public let standardErrors: [Double]

  /// About how many labels are in memory at once.
  private static let labelCount = 1 << 22

  /// - Parameters:
  ///   - labels: the true class of each sample.
  ///   - predicted: the class that is predicted for each sample as it is.
  ///   - repeats: how often each feature is shuffled.
  ///   - threads: how many threads may count.
  ///   - shuffled: the classes that are predicted for some samples, one for each feature, repeat and
  ///     sample, in that order.
  public init(
    labels: [Int], predicted: [Int], featureCount: Int, repeats: Int, threads: Int,
    shuffled: (_ samples: Range<Int>) -> [Int32]
  ) {
    precondition(labels.count == predicted.count, "one prediction per sample")
    let count = labels.count
    let truth = labels.map { Int32($0) }
    let wasRight = zip(predicted, labels).map { Int32($0 == $1 ? 1 : 0) }
    // How many right predictions turned wrong, less the reverse; the squares of a sample's.
    var lost = [[Int]](repeating: [Int](repeating: 0, count: repeats), count: featureCount)
    var squares = [Int](repeating: 0, count: featureCount)
    let chunk = max(1, Self.labelCount / max(1, featureCount * repeats))
    for first in stride(from: 0, to: count, by: chunk) {
      let samples = first..<min(first + chunk, count)
      let guesses = shuffled(samples)
      let counts = Parallelism.map(featureCount, threads: threads) { feature, _ in
        var sums = [Int32](repeating: 0, count: samples.count)
        let lostByRepeat = (0..<repeats).map { number in
          let start = (feature * repeats + number) * samples.count
          var count: Int32 = 0
          for place in 0..<samples.count {
            let isRight: Int32 = guesses[start &+ place] == truth[first &+ place] ? 1 : 0
            let loss = wasRight[first &+ place] &- isRight
            count &+= loss
            sums[place] &+= loss
          }
          return Int(count)
        }
        return (lost: lostByRepeat, squares: sums.reduce(0) { $0 + Int($1) * Int($1) })
      }
      for (feature, new) in counts.enumerated() {
        for number in 0..<repeats { lost[feature][number] += new.lost[number] }
        squares[feature] += new.squares
      }
    }
    drops = lost.map { $0.map { count == 0 ? 0 : Double($0) / Double(count) } }
    standardErrors = zip(lost, squares).map { lost, squares in
      guard count > 1, repeats > 0 else { return 0 }
      let sum = Double(lost.reduce(0, +))
      let rest = max(0, Double(squares) - sum * sum / Double(count))
      return (rest / Double(count - 1) / Double(count)).squareRoot() / Double(repeats)
    }
  }

  /// Each feature's mean drop.
  public var means: [Double] {
    drops.map { $0.isEmpty ? 0 : $0.reduce(0, +) / Double($0.count) }
  }

  /// Each feature's population standard deviation over the repeats.
  public var deviations: [Double] {
    zip(drops, means).map { drops, mean in
      guard !drops.isEmpty else { return 0 }
      let squares = drops.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(drops.count)).squareRoot()
    }
  }
}

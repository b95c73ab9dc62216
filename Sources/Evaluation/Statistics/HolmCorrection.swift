/// Probabilities of several tests, made such that any of them falls below a level by chance only with
/// that level's probability.
///
/// - SeeAlso: Holm, "A simple sequentially rejective multiple test procedure", 1979,
///   https://www.jstor.org/stable/4615733.
public enum HolmCorrection {
  /// The corrected probabilities, in the order given.
  public static func corrected(_ probabilities: [Double]) -> [Double] {
    let order = probabilities.indices.sorted {
      (probabilities[$0], $0) < (probabilities[$1], $1)
    }
    var corrected = probabilities
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, Double(order.count - rank) * probabilities[index])
      corrected[index] = min(1, largest)
    }
    return corrected
  }
}

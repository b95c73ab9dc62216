/// Shifts and stretches each feature so that its mean is 0 and its deviation 1.
public struct StandardScaler: Hashable, Sendable {
  public let means: [Double]
  /// Population deviations; 1 for columns that never change, not finite where squares overflow.
  public let deviations: [Double]

  /// Learns from columns of numbers, at least one number each.
  ///
  /// Sums are taken in numpy's order, pairwise, and the variance in two passes with a correction, so
  /// that means and deviations equal scikit-learn's to the last bit.
  ///
  /// - SeeAlso: Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983,
  ///   doi:10.1080/00031305.1983.10483115.
  public init(fitting columns: [[Double]]) {
    var means: [Double] = []
    var deviations: [Double] = []
    for column in columns {
      let count = Double(column.count)
      let mean = PairwiseSum.sum(column) / count
      let rests = column.map { $0 - mean }
      let correction = PairwiseSum.sum(rests)
      let squares = PairwiseSum.sum(rests.map { $0 * $0 })
      let variance = (squares - correction * correction / count) / count
      let error = count * Double.ulpOfOne * variance
      let shift = count * mean * Double.ulpOfOne
      means.append(mean)
      // Not larger than what rounding alone can make of a constant: the column is one. What overflowed
      // stays infinite, to be refused.
      let isConstant = variance.isFinite && variance <= error + shift * shift
      deviations.append(isConstant ? 1 : variance.squareRoot())
    }
    self.means = means
    self.deviations = deviations
  }

  /// Takes over what was learned before.
  ///
  /// - Precondition: as many deviations as means.
  package init(means: [Double], deviations: [Double]) {
    precondition(means.count == deviations.count, "one deviation per mean")
    self.means = means
    self.deviations = deviations
  }

  public func scaled(_ value: Double, feature: Int) -> Double {
    (value - means[feature]) / deviations[feature]
  }
}

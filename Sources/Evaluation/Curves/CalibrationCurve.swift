/// How probabilities compare with what happens, in equally wide bins.
///
/// The bins are those of scikit-learn's `calibration_curve` with `strategy="uniform"`: a
/// probability on a border belongs to the lower bin, and bins without samples are left out.
///
/// - SeeAlso: Niculescu-Mizil and Caruana, "Predicting good probabilities with supervised
///   learning", 2005, doi:10.1145/1102351.1102430.
public struct CalibrationCurve: Hashable, Sendable {
  public struct Bin: Hashable, Sendable {
    /// The mean of the bin's probabilities.
    public let meanProbability: Double
    /// The share of the bin's samples that are positive.
    public let positiveShare: Double
    public let count: Int
  }

  public let bins: [Bin]

  /// - Parameters:
  ///   - isPositive: what happened.
  ///   - probabilities: how probable that was said to be, from 0 to 1.
  public init(isPositive: [Bool], probabilities: [Double], binCount: Int = 10) {
    precondition(isPositive.count == probabilities.count, "one probability per sample")
    precondition(binCount >= 1, "at least one bin")
    // The borders as numpy's `linspace` has them.
    let step = 1 / Double(binCount)
    let borders = (1..<binCount).map { Double($0) * step }
    var sums = [Double](repeating: 0, count: binCount)
    var positives = [Int](repeating: 0, count: binCount)
    var counts = [Int](repeating: 0, count: binCount)
    for (positive, probability) in zip(isPositive, probabilities) {
      var bin = min(binCount - 1, max(0, Int(probability * Double(binCount))))
      while bin > 0, borders[bin - 1] >= probability { bin -= 1 }
      while bin < binCount - 1, borders[bin] < probability { bin += 1 }
      sums[bin] += probability
      counts[bin] += 1
      if positive { positives[bin] += 1 }
    }
    bins = counts.indices.filter { counts[$0] > 0 }.map { bin in
      Bin(
        meanProbability: sums[bin] / Double(counts[bin]),
        positiveShare: Double(positives[bin]) / Double(counts[bin]), count: counts[bin])
    }
  }

  /// The mean distance of promised and observed shares, each bin weighted by its samples.
  ///
  /// - SeeAlso: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using
  ///   Bayesian binning", 2015.
  public var expectedError: Double {
    let total = bins.reduce(0) { $0 + $1.count }
    guard total > 0 else { return 0 }
    return bins.reduce(0) {
      $0 + abs($1.meanProbability - $1.positiveShare) * Double($1.count)
    } / Double(total)
  }
}

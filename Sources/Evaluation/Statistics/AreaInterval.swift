#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The interval of an area under the ROC curve: the wider of two.
///
/// DeLong's variance says nothing where all pairs are in order, and too little where few are not;
/// Newcombe's method knows only the area and the numbers of samples, which holds there.
public enum AreaInterval {
  /// - Parameters:
  ///   - variance: DeLong's, of the area.
  ///   - positives: how many samples are positive, and how many are not; each at least 1.
  static func wider(
    _ area: Double, variance: Double, positives: Int, negatives: Int, confidence: Double
  ) -> (interval: Interval, method: MetricInterval.Method) {
    let plain = newcombe(
      area, positives: positives, negatives: negatives, confidence: confidence)
    guard let other = logitDeLong(area, variance: variance, confidence: confidence),
      other.width > plain.width
    else { return (plain, .newcombe) }
    return (other, .logitDeLong)
  }

  /// On the scale of log odds, where limits stay between 0 and 1; `nil` for an area of 0 or 1, and
  /// where there is no variance.
  ///
  ///     logit(limits) = logit(A) ± z·√variance / (A(1 − A))
  ///
  /// - SeeAlso: Pepe, "The Statistical Evaluation of Medical Tests for Classification and
  ///   Prediction", 2003, 5.2.4.
  public static func logitDeLong(
    _ area: Double, variance: Double, confidence: Double = 0.95
  ) -> Interval? {
    // An area that rounding keeps from 1 is 1.
    guard variance > 0, area > 1e-12, area < 1 - 1e-12 else { return nil }
    let middle = log(area / (1 - area))
    let reach = -StandardNormal.quantile((1 - confidence) / 2) * variance.squareRoot()
    let step = reach / (area * (1 - area))
    return Interval(lower: 1 / (1 + exp(step - middle)), upper: 1 / (1 + exp(-step - middle)))
  }

  /// The areas θ at which the observed one would be as far off as chance takes it, Newcombe's
  /// method 5.
  ///
  ///     |A − θ| = z·√V(θ)
  ///     V(θ) = θ(1 − θ)·(1 + s·((1 − θ)/(2 − θ) + θ/(1 + θ))) / (m·n),   s = (m + n)/2 − 1
  ///
  /// - SeeAlso: Newcombe, "Confidence intervals for an effect size measure based on the
  ///   Mann-Whitney statistic. Part 2", 2006, doi:10.1002/sim.2324.
  public static func newcombe(
    _ area: Double, positives: Int, negatives: Int, confidence: Double = 0.95
  ) -> Interval {
    let z = -StandardNormal.quantile((1 - confidence) / 2)
    let s = Double(positives + negatives) / 2 - 1
    let pairs = Double(positives) * Double(negatives)
    func reach(_ theta: Double) -> Double {
      let spread = 1 + s * ((1 - theta) / (2 - theta) + theta / (1 + theta))
      return z * (theta * (1 - theta) * spread / pairs).squareRoot()
    }
    return Interval(
      lower: area <= 0
        ? 0 : Bisection.last(from: 0, to: area) { area - $0 > reach($0) },
      upper: area >= 1
        ? 1 : Bisection.last(from: area, to: 1) { $0 - area < reach($0) })
  }
}

/// Where a condition that holds at first ceases to hold.
enum Bisection {
  /// - Parameter holds: asked between the two ends only.
  static func last(from start: Double, to end: Double, holds: (Double) -> Bool) -> Double {
    var (low, high) = (start, end)
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return middle }
      if holds(middle) { low = middle } else { high = middle }
    }
  }
}

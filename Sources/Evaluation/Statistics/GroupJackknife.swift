/// The group of each sample, such as the patient that a row is of.
public struct SampleGroups: Hashable, Sendable {
  /// From 0 on, below ``count``; every group has a sample.
  public let ofSample: [Int]
  public let count: Int

  public init(ofSample: [Int], count: Int) {
    self.ofSample = ofSample
    self.count = count
  }

  /// How many groups have a sample for which something holds.
  public func count(where holds: (Int) -> Bool) -> Int {
    var has = [Bool](repeating: false, count: count)
    for sample in ofSample.indices where holds(sample) { has[ofSample[sample]] = true }
    return has.count { $0 }
  }

  /// The samples of each group, ascending.
  var samples: [[Int]] {
    var samples = [[Int]](repeating: [], count: count)
    for (sample, group) in ofSample.enumerated() { samples[group].append(sample) }
    return samples
  }
}

/// What a model's metrics are without each group of samples in turn.
///
/// Samples of one group are alike, so that they say less than as many independent ones, and groups are what is
/// resampled:
///
///     variance of θ = (G − 1)/G · Σ (θ₋g − their mean)²
///
/// θ₋g is the metric without group g of G. A few groups with most of the spread say little about it, so that its
/// degrees of freedom are (Σd²)²/Σd⁴, d the deviations of θ₋g, but not more than one less than the groups.
///
/// - SeeAlso: Miller, "The jackknife – a review", 1974, doi:10.1093/biomet/61.1.1; Satterthwaite, "An approximate
///   distribution of estimates of variance components", 1946, doi:10.2307/3002019.
struct GroupJackknife {
  private let groups: SampleGroups
  /// Per group, ``ConfusionMeasures/metrics`` without it.
  private let measures: [[Double]]
  /// Per class, its recall without each group.
  let recalls: [[Double]]
  private let losses: [Double]
  /// `nil` where the area is not defined without some group.
  private let areas: [Double]?

  /// - Parameters:
  ///   - losses: the logarithmic loss of each sample, or its cost.
  ///   - areas: those of the same samples, `nil` where they are not defined.
  ///   - scores: per class, the samples' scores.
  init(
    actual: [Int], predicted: [Int], classCount: Int, losses: [Double], areas: AreaInfluences?,
    scores: (_ label: Int) -> [Double], groups: SampleGroups
  ) {
    self.groups = groups
    let samples = groups.samples
    (measures, recalls) = Self.measures(actual, predicted, classCount, samples)
    let sum = losses.reduce(0, +)
    self.losses = samples.map { own in
      (sum - own.reduce(0) { $0 + losses[$1] }) / Double(losses.count - own.count)
    }
    self.areas = areas.flatMap { Self.areas($0, actual, samples, scores) }
  }

  /// A metric without each group in turn; `nil` where it is not defined without some.
  func values(of metric: Metric) -> [Double]? {
    switch metric {
    case .rocAUC: return areas
    case .logLoss, .cost: return losses
    default:
      guard let place = ConfusionMeasures.metrics.firstIndex(of: metric) else { return nil }
      return measures.map { $0[place] }
    }
  }

  /// The standard error of an estimate of which these are the values without each group, and its degrees of
  /// freedom.
  ///
  /// - Parameter values: at least two.
  static func error(_ values: [Double]) -> (standardError: Double, degreesOfFreedom: Double) {
    let moments = Moments(values)
    let count = Double(values.count)
    let squares = values.map { ($0 - moments.mean) * ($0 - moments.mean) }
    let fourth = squares.reduce(0) { $0 + $1 * $1 }
    let sum = squares.reduce(0, +)
    let degrees = fourth > 0 ? sum * sum / fourth : count - 1
    return (
      (count - 1) * (moments.variance / count).squareRoot(), max(1, min(count - 1, degrees))
    )
  }

  /// How two estimates go together, from their values without each group; 0 where one does not change.
  static func correlation(_ first: [Double], _ second: [Double]) -> Double {
    let (one, other) = (Moments(first), Moments(second))
    let spread = (one.variance * other.variance).squareRoot()
    guard spread > 0 else { return 0 }
    let product = zip(first, second).reduce(0) { $0 + ($1.0 - one.mean) * ($1.1 - other.mean) }
    return product / (Double(first.count - 1) * spread)
  }

  private static func measures(
    _ actual: [Int], _ predicted: [Int], _ classCount: Int, _ samples: [[Int]]
  ) -> (measures: [[Double]], recalls: [[Double]]) {
    var hits = [Double](repeating: 0, count: classCount)
    var (sizes, guesses) = (hits, hits)
    func count(_ own: [Int], _ weight: Double) {
      for sample in own {
        let (truth, guess) = (actual[sample], predicted[sample])
        if truth == guess { hits[truth] += weight }
        sizes[truth] += weight
        guesses[guess] += weight
      }
    }
    count(Array(actual.indices), 1)
    var values = [Double](repeating: 0, count: ConfusionMeasures.metrics.count)
    var recalls = [[Double]](repeating: [], count: classCount)
    let measures = samples.map { own in
      count(own, -1)
      for label in 0..<classCount { recalls[label].append(hits[label] / sizes[label]) }
      ConfusionMeasures.write(
        hits: hits, sizes: sizes, guesses: guesses, classCount: classCount, into: &values)
      count(own, 1)
      return values
    }
    return (measures, recalls)
  }

  /// The area without each group: of all pairs in order, those with a sample of the group are taken away.
  private static func areas(
    _ areas: AreaInfluences, _ actual: [Int], _ samples: [[Int]],
    _ scores: (_ label: Int) -> [Double]
  ) -> [Double]? {
    var sums = [Double](repeating: 0, count: samples.count)
    for part in areas.classes {
      let positives = Double(actual.count { $0 == part.label })
      let negatives = Double(actual.count) - positives
      let scores = scores(part.label)
      for (group, own) in samples.enumerated() {
        let ownPositives = Double(own.count { actual[$0] == part.label })
        let ownNegatives = Double(own.count) - ownPositives
        let pairs = (positives - ownPositives) * (negatives - ownNegatives)
        guard pairs > 0 else { return nil }
        // Pairs in order that have a sample of the group; those of two of them are met twice.
        var ordered = own.reduce(0.0) { sum, sample in
          let isPositive = actual[sample] == part.label
          let share = part.influences[sample] * (isPositive ? positives : negatives) + part.area
          return sum + share * (isPositive ? negatives : positives)
        }
        let within = ScoreOrder(own.map { scores[$0] }).influences {
          actual[own[$0]] == part.label
        }
        ordered -= (within?.area ?? 0) * ownPositives * ownNegatives
        sums[group] += (part.area * positives * negatives - ordered) / pairs
      }
    }
    return sums.map { $0 / Double(areas.classes.count) }
  }
}

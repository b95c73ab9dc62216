#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Intervals of metrics whose samples come in groups, from ``GroupJackknife``: ± t standard errors on a scale on
/// which limits stay possible.
///
/// That is the log odds of metrics from 0 to 1, the inverse hyperbolic tangent of those from −1 to 1, and the
/// logarithm of a loss. Of the mean of the classes' recalls, whose own errors depend on few groups where a class is
/// rare, the recalls' intervals are squared and added.
struct GroupIntervals {
  /// So many groups at least have what a metric is about where it has an interval.
  static let fewestGroups = 10

  let actual: [Int]
  let predicted: [Int]
  let classNames: [String]
  let losses: [Double]
  let groups: SampleGroups
  let jackknife: GroupJackknife
  var confidence: Double

  func interval(of metric: Metric, _ value: Double) -> MetricInterval {
    let (count, what) = support(of: metric)
    guard count >= Self.fewestGroups else {
      return MetricInterval(
        value, reason: "\(what) in \(count) groups, an interval needs \(Self.fewestGroups)")
    }
    if metric == .logLoss, losses.contains(where: { $0 >= LogLoss.largest }) {
      return MetricInterval(value, reason: "a row got probability 0 for its class")
    }
    if value == 1, let share = allRight(metric, of: count) {
      return MetricInterval(value, share, .clopperPearson)
    }
    if metric == .balancedAccuracy || metric == .recall && classNames.count > 2,
      let interval = meanRecall
    {
      return MetricInterval(value, interval, .squareAndAdd)
    }
    guard let values = jackknife.values(of: metric),
      let interval = interval(metric, value, GroupJackknife.error(values))
    else {
      return MetricInterval(value, reason: "no group makes a difference to it")
    }
    return MetricInterval(value, interval, .groupJackknife)
  }

  /// `nil` where no mistake is known of any class.
  private var meanRecall: Interval? {
    let parts = classNames.indices.compactMap(recall)
    guard parts.count == classNames.count, parts.contains(where: { $0.estimate < 1 }) else {
      return nil
    }
    return SquareAndAdd.mean(parts) {
      GroupJackknife.correlation(jackknife.recalls[$0], jackknife.recalls[$1])
    }
  }

  private func recall(of label: Int) -> (estimate: Double, interval: Interval)? {
    let rows = actual.indices.filter { actual[$0] == label }
    let hits = rows.count { predicted[$0] == label }
    let recall = Double(hits) / Double(rows.count)
    if hits == 0 || hits == rows.count {
      let count = groups.count { actual[$0] == label }
      return (
        recall, ClopperPearson.interval(hits == 0 ? 0 : count, of: count, confidence: confidence)
      )
    }
    return interval(.recall, recall, GroupJackknife.error(jackknife.recalls[label])).map {
      (recall, $0)
    }
  }

  /// How many groups have what a metric is about, and what that is.
  private func support(of metric: Metric) -> (count: Int, what: String) {
    let isBinary = classNames.count == 2
    func groupsOf(_ label: Int) -> Int { groups.count { actual[$0] == label } }
    switch metric {
    case .accuracy, .weightedRecall, .logLoss: return (groups.count, "the rows are")
    case .recall where isBinary: return (groupsOf(1), "“\(classNames[1])” is")
    case .precision where isBinary:
      return (groups.count { predicted[$0] == 1 }, "“\(classNames[1])” is predicted")
    case .f1 where isBinary:
      return (
        groups.count { actual[$0] == 1 || predicted[$0] == 1 },
        "“\(classNames[1])” is met or predicted"
      )
    default:
      let counts = classNames.indices.map(groupsOf)
      let rarest = counts.indices.min { counts[$0] < counts[$1] } ?? 0
      return (counts[rarest], "“\(classNames[rarest])” is")
    }
  }

  /// The interval of a share of 1: what so many groups without a mistake say, as if each were one sample.
  private func allRight(_ metric: Metric, of count: Int) -> Interval? {
    switch metric {
    case .accuracy, .weightedRecall: break
    case .precision, .recall, .f1:
      if classNames.count > 2 { return nil }
    default: return nil
    }
    return ClopperPearson.interval(count, of: count, confidence: confidence)
  }

  /// `nil` where there is no standard error, or the value is at the end of its scale.
  private func interval(
    _ metric: Metric, _ value: Double, _ error: (standardError: Double, degreesOfFreedom: Double)
  ) -> Interval? {
    let student = StudentT(degreesOfFreedom: error.degreesOfFreedom)
    let reach = -student.quantile((1 - confidence) / 2) * error.standardError
    guard reach > 0 else { return nil }
    func limits(
      _ middle: Double, _ slope: Double, _ back: (Double) -> Double
    ) -> Interval? {
      guard middle.isFinite, slope.isFinite else { return nil }
      return Interval(
        lower: min(back(middle - reach * slope), value),
        upper: max(back(middle + reach * slope), value))
    }
    switch metric {
    case .logLoss: return limits(log(value), 1 / value, exp)
    case .matthewsCorrelation, .cohenKappa:
      return limits(atanh(value), 1 / (1 - value * value), tanh)
    default:
      return limits(log(value / (1 - value)), 1 / (value * (1 - value))) { 1 / (1 + exp(-$0)) }
    }
  }
}

public import LinearAlgebra

/// How far a new model is ahead of an old one by a metric on the same samples, and how surely.
///
/// The influence of a sample is what the metric changes when the sample gets more weight. The
/// deviation of the two models' influences, sample by sample, gives the standard error of the lead:
///
///     standard error = deviation(influences of new − influences of old) / √n
///
/// For areas under the ROC curve it is ``DeLongTest``'s. Where samples come in groups it is that of
/// ``GroupJackknife``, from the lead without each group.
///
/// - SeeAlso: Hampel, "The influence curve and its role in robust estimation", 1974,
///   doi:10.1080/01621459.1974.10482962.
public struct PairedLead: Codable, Hashable, Sendable {
  public let metric: Metric
  public let old: Double
  public let new: Double
  /// New minus old, or old minus new of a loss: above 0 where the new model is better.
  public let lead: Double
  public let standardError: Double
  /// One less than the samples of the rarest class, or at most one less than the groups that have it.
  public let degreesOfFreedom: Double

  private enum CodingKeys: String, CodingKey {
    case metric, old, new, lead
    case standardError = "standard_error"
    case degreesOfFreedom = "degrees_of_freedom"
  }

  /// What a model says of samples.
  public struct Predictions: Sendable {
    public let labels: [Int]
    public let probabilities: Matrix

    /// - Parameters:
    ///   - labels: the class of each sample.
    ///   - probabilities: one row per sample, one column per class.
    public init(labels: [Int], probabilities: Matrix) {
      self.labels = labels
      self.probabilities = probabilities
    }
  }

  /// Why there is no lead.
  public enum Absence: Error, Hashable, CustomStringConvertible {
    /// The metric has no value for one of the models, or, where samples come in groups, without one of them.
    case undefined(Metric)
    /// A class has so few samples, or groups of them, that nothing is known of chance.
    case rareClass(String, count: Int, areGroups: Bool)

    public var description: String {
      switch self {
      case .undefined(let metric): "\(metric.rawValue) is not defined for both"
      case .rareClass(let name, let count, let areGroups):
        "“\(name)” has \(count) \(areGroups ? "group" : "test row")\(count == 1 ? "" : "s")"
          + "\(areGroups ? " of test rows" : ""), and a comparison needs 2 of each class"
      }
    }
  }

  /// - Parameters:
  ///   - actual: the true class of each sample.
  ///   - groups: the group of each sample; `nil` where samples are independent.
  ///   - costs: what mistakes cost, without which a cost is not defined.
  public init(
    by metric: Metric, actual: [Int], classNames: [String], groups: SampleGroups? = nil,
    costs: MistakeCosts? = nil, old: Predictions, new: Predictions
  ) throws(Absence) {
    func value(_ model: Predictions) -> Double? {
      ClassificationReport(
        actual: actual, predicted: model.labels, probabilities: model.probabilities,
        classNames: classNames, costs: costs)[metric]
    }
    var sizes = [Int](repeating: 0, count: classNames.count)
    if let groups {
      for label in sizes.indices { sizes[label] = groups.count { actual[$0] == label } }
    } else {
      for label in actual { sizes[label] += 1 }
    }
    guard let oldValue = value(old), let newValue = value(new) else { throw .undefined(metric) }
    let rarest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
    guard sizes[rarest] > 1 else {
      throw .rareClass(classNames[rarest], count: sizes[rarest], areGroups: groups != nil)
    }
    let error: (Double, Double)? =
      if let groups {
        Self.groupedError(metric, actual, classNames.count, groups, costs, old, new)
      } else {
        Self.standardError(metric, actual, classNames.count, costs, old, new).map {
          ($0, .infinity)
        }
      }
    guard let error else { throw .undefined(metric) }
    self.metric = metric
    self.old = oldValue
    self.new = newValue
    lead = metric.higherIsBetter ? newValue - oldValue : oldValue - newValue
    standardError = error.0
    degreesOfFreedom = min(Double(sizes[rarest] - 1), error.1)
  }

  /// How large a lead must be to be found by chance with this probability only, if there is none.
  ///
  /// - Parameter risk: above 0 and below 1.
  public func bound(risk: Double) -> Double {
    -StudentT(degreesOfFreedom: degreesOfFreedom).quantile(risk) * standardError
  }

  /// The standard error of the lead from the leads without each group, and its degrees of freedom.
  private static func groupedError(
    _ metric: Metric, _ actual: [Int], _ classCount: Int, _ groups: SampleGroups,
    _ costs: MistakeCosts?, _ old: Predictions, _ new: Predictions
  ) -> (Double, Double)? {
    func values(_ model: Predictions) -> [Double]? {
      GroupJackknife(
        actual: actual, predicted: model.labels, classCount: classCount,
        losses: losses(metric, actual, costs, model),
        areas: metric == .rocAUC
          ? AreaInfluences(actual: actual, scores: model.probabilities) : nil,
        scores: { model.probabilities.column($0) }, groups: groups
      ).values(of: metric)
    }
    guard let first = values(new), let second = values(old) else { return nil }
    let error = GroupJackknife.error(zip(first, second).map { $0 - $1 })
    return (error.standardError, error.degreesOfFreedom)
  }

  private static func standardError(
    _ metric: Metric, _ actual: [Int], _ classCount: Int, _ costs: MistakeCosts?,
    _ old: Predictions, _ new: Predictions
  ) -> Double? {
    if metric == .rocAUC {
      guard let first = AreaInfluences(actual: actual, scores: new.probabilities),
        let second = AreaInfluences(actual: actual, scores: old.probabilities)
      else { return nil }
      return DeLongTest(actual: actual, first: first, second: second)?.standardError ?? 0
    }
    func influences(_ model: Predictions) -> [Double] {
      metric == .logLoss || metric == .cost
        ? losses(metric, actual, costs, model)
        : confusionInfluences(metric, actual, model.labels, classCount)
    }
    let differences = zip(influences(new), influences(old)).map { $0 - $1 }
    return Moments(differences).deviation / Double(actual.count).squareRoot()
  }

  /// What each sample costs, or else its logarithmic loss.
  private static func losses(
    _ metric: Metric, _ actual: [Int], _ costs: MistakeCosts?, _ model: Predictions
  ) -> [Double] {
    if metric == .cost, let costs {
      return zip(actual, model.labels).map { costs[actual: $0, predicted: $1] }
    }
    return actual.indices.map { LogLoss.of(model.probabilities[$0, actual[$0]]) }
  }

  /// The influence of each sample on a metric of the confusion matrix: the derivative by the weight
  /// of its cell, as a difference quotient over a small part of one sample's weight.
  private static func confusionInfluences(
    _ metric: Metric, _ actual: [Int], _ labels: [Int], _ classCount: Int
  ) -> [Double] {
    let counts = ConfusionMatrix(actual: actual, predicted: labels, classCount: classCount).counts
    let total = Double(actual.count)
    let step = 1e-4
    /// The metric where the samples of one cell weigh that much more in all.
    func value(_ row: Int, _ column: Int, _ added: Double) -> Double {
      var cells = counts.map { $0.map(Double.init) }
      cells[row][column] += added
      return ConfusionMeasures.values(cells)[metric] ?? 0
    }
    let slopes = counts.indices.map { row in
      counts.indices.map { column in
        counts[row][column] == 0
          ? 0
          : (value(row, column, step) - value(row, column, -step)) / (2 * step) * total
      }
    }
    return zip(actual, labels).map { slopes[$0][$1] }
  }
}

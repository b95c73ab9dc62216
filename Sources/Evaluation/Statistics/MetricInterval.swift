/// How far a metric's value on the test rows can be trusted, or why that cannot be said.
public struct MetricInterval: Hashable, Sendable {
  /// How an interval is made.
  public enum Method: String, Codable, Hashable, Sendable {
    case clopperPearson = "clopper_pearson"
    case squareAndAdd = "square_and_add"
    case dirichlet
    case logitDeLong = "logit_delong"
    case newcombe
    case groupJackknife = "group_jackknife"
    case bayesianBootstrap = "bayesian_bootstrap"
  }

  /// `nil` where the metric is not defined for the rows.
  public let estimate: Double?
  /// `nil` where none is known that would hold the true value often enough.
  public let interval: Interval?
  /// `nil` where there is no interval.
  public let method: Method?
  /// Why there is no interval; `nil` where there is one.
  public let reason: String?

  package init(_ estimate: Double, _ interval: Interval, _ method: Method) {
    self.estimate = estimate
    self.interval = interval
    self.method = method
    reason = nil
  }

  package init(_ estimate: Double?, reason: String) {
    self.estimate = estimate
    self.reason = reason
    interval = nil
    method = nil
  }
}

/// Written with null for an estimate or an interval that there is not.
extension MetricInterval: Codable {
  private enum CodingKeys: String, CodingKey {
    case estimate, interval, method, reason
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(estimate, forKey: .estimate)
    try container.encode(interval, forKey: .interval)
    try container.encodeIfPresent(method, forKey: .method)
    try container.encodeIfPresent(reason, forKey: .reason)
  }
}

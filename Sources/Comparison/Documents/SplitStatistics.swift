public import Evaluation

/// How sure the numbers of one split are: an interval for each, and a test for each pair of models.
public struct SplitStatistics: Codable, Hashable, Sendable {
  /// The share of cases in which an interval is to hold the true value.
  public let confidence: Double
  /// How often the test rows were drawn anew.
  public let resamples: Int
  /// The seed of those draws.
  public let seed: UInt32
  public let models: [ModelIntervals]
  /// Every pair of models, in the order of the models.
  public let pairs: [PairTests]

  public func intervals(of model: String) -> MetricValues<BootstrapInterval>? {
    models.first { $0.name == model }?.validate
  }
}

/// The intervals of one model's metrics on the test rows.
public struct ModelIntervals: Codable, Hashable, Sendable {
  public let name: String
  /// Metrics that are not defined for the test rows have none.
  public let validate: MetricValues<BootstrapInterval>
}

/// What tests on the test rows say about two models.
public struct PairTests: Codable, Hashable, Sendable {
  public let first: String
  public let second: String
  /// Whether both err equally often.
  public let mcNemar: McNemarTest
  /// Its probability after Holm's correction over all pairs.
  public let mcNemarHolm: Double
  /// Whether both have the same area under the ROC curve; `nil` where that is not defined.
  public let deLong: DeLongTest?
  public let deLongHolm: Double?

  private enum CodingKeys: String, CodingKey {
    case first, second
    case mcNemar = "mcnemar"
    case mcNemarHolm = "mcnemar_p_holm"
    case deLong = "delong"
    case deLongHolm = "delong_p_holm"
  }
}

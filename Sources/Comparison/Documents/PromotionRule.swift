public import Evaluation
import Support

/// When a new model takes the place of the one in use.
public struct PromotionRule: Codable, Hashable, Sendable {
  /// The metric that the new model must lead by.
  public var metric: Metric
  /// Metrics that may fall by less than a margin only.
  public var guards: [Limit] = []
  /// What the new model must reach.
  public var requirements: [Limit] = []
  /// All comparisons of a year share one risk of putting a model into use that is no better.
  public var comparisonsPerYear = 52

  /// A metric and a number.
  public struct Limit: Codable, Hashable, Sendable {
    public let metric: Metric
    public let value: Double

    public init(_ metric: Metric, _ value: Double) {
      self.metric = metric
      self.value = value
    }

    /// Such as `accuracy=0.005`.
    public var text: String { "\(metric.rawValue)=\(value)" }
  }

  public init(metric: Metric) { self.metric = metric }

  /// The risk of a wrong promotion in a year of comparisons.
  public static let yearlyRisk = 0.05
  /// Each class has at least so many test rows.
  static let fewestRows = 20

  private enum CodingKeys: String, CodingKey {
    case metric, guards, requirements
    case comparisonsPerYear = "comparisons_per_year"
  }
}

extension PromotionRule {
  /// What a model does not reach; `nil` where it reaches all.
  public func unmet(by values: MetricValues<Double>) -> String? {
    requirements.lazy.compactMap { $0.unmet(by: values) }.first
  }
}

extension PromotionRule.Limit {
  /// Why a model does not reach it; `nil` where it does.
  func unmet(by values: MetricValues<Double>) -> String? {
    let name = metric.rawValue
    guard let found = values[metric] else {
      return "the required \(name) is not defined on these rows"
    }
    guard metric.higherIsBetter ? found < value : found > value else { return nil }
    return "its \(name) is \(NumberText.plain(found, digits: 4)), and \(value) is required"
  }

  /// Reads such as `accuracy=0.005`; `nil` for another text, and for a number below 0.
  public init?(argument text: String) {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let metric = Metric(rawValue: String(parts[0])),
      let value = Double(parts[1]), value >= 0, value.isFinite
    else { return nil }
    self.init(metric, value)
  }
}

/// Which comparison of the year it is: all of a year share one risk.
public struct PromotionAttempt: Codable, Hashable, Sendable {
  public let year: Int
  /// Counted from 1.
  public let number: Int
  /// The part of the year's risk that is used up, this comparison's with it, from 0 to 1.
  public let riskUsed: Double

  private enum CodingKeys: String, CodingKey {
    case year, number
    case riskUsed = "risk_used"
  }

  public init(year: Int, number: Int, riskUsed: Double) {
    self.year = year
    self.number = number
    self.riskUsed = riskUsed
  }

  /// The next comparison of a year.
  ///
  /// - Parameters:
  ///   - marks: those of the year's comparisons so far, such as `3-of-52`, in any order.
  ///   - plan: how many comparisons a year was to have, as this one was asked for.
  /// - Returns: `nil` where too little of the risk is left.
  public init?(after marks: [String], in year: Int, plan: Int) {
    let made = Set(marks).compactMap { mark -> (number: Int, plan: Int)? in
      let parts = mark.split(separator: "-").map(String.init)
      // Nobody makes a million comparisons; what says so was not written here.
      guard let number = parts.first.flatMap({ Int($0) }), 1...1_000_000 ~= number else {
        return nil
      }
      return (number, max(1, parts.last.flatMap { parts.count == 3 ? Int($0) : nil } ?? plan))
    }
    let used = (made.map(\.plan) + [plan]).reduce(0) { $0 + 1 / Double($1) }
    // As many parts as were planned are the whole.
    guard used < 1 + 1e-9 else { return nil }
    self.init(
      year: year, number: (made.map(\.number).max() ?? 0) + 1, riskUsed: min(1, used))
  }
}

extension PromotionRule {
  /// What the registry keeps of a comparison.
  public func mark(_ attempt: PromotionAttempt) -> String {
    "\(attempt.number)-of-\(comparisonsPerYear)"
  }
}

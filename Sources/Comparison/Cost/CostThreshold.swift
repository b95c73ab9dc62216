import Evaluation
import ModelFiles

/// The threshold that a model decides by where mistakes have costs, and what it saves.
public struct CostThreshold: Codable, Hashable, Sendable {
  /// What mistakes cost, as they are typed; a mistake that is not named costs 1.
  public let costs: [String]
  /// The class that is predicted where its probability reaches the threshold.
  public let positiveClass: String
  /// `nil` where the model tells rows of a fold not apart, so that it predicts the more probable
  /// class.
  public let value: Double?
  /// What a test row costs if the more probable class is predicted, a threshold of 0.5.
  public let costAtHalf: Double
  /// What a training row costs by the threshold, on average over the folds; the threshold with the
  /// least cost was chosen.
  public let curve: Curve?

  public struct Curve: Codable, Hashable, Sendable {
    public let thresholds: [Double]
    public let costs: [Double]
  }

  private enum CodingKeys: String, CodingKey {
    case costs, value, curve
    case positiveClass = "positive_class"
    case costAtHalf = "cost_at_half"
  }

  /// - Parameters:
  ///   - curve: what the folds say; `nil` where they do not.
  ///   - rowCount: how many training rows all folds have.
  init(
    _ curve: CostCurve?, rowCount: Int, costs: [String], positiveClass: String, costAtHalf: Double
  ) {
    self.costs = costs
    self.positiveClass = positiveClass
    self.costAtHalf = costAtHalf
    value = curve?.cheapest
    let perRow = Double(ThresholdSearch.foldCount) / Double(rowCount)
    self.curve = curve.map { Curve(thresholds: $0.thresholds, costs: $0.costs.map { $0 * perRow }) }
  }

  /// The threshold as a model's file keeps it.
  var decision: DecisionThreshold? { value.map { DecisionThreshold($0, costs: costs) } }
}

extension ComparisonDocument {
  /// What mistakes cost, as they were typed; `nil` where they have no costs.
  public var costs: [String]? { models.lazy.compactMap(\.threshold?.costs).first }

  /// The same as numbers.
  public var mistakeCosts: MistakeCosts? {
    costs.flatMap { texts in
      (try? texts.map { try MistakeCost(parsing: $0) }).map {
        MistakeCosts($0, classNames: data.classes)
      }
    }
  }

  /// The metric that models are ranked by where none is asked for.
  package var usualMetric: Metric { costs == nil ? .accuracy : .cost }

  /// The metrics that the models are judged by.
  package var metrics: [Metric] {
    models.first?.validate.values.shown(classCount: data.classes.count)
      ?? Metric.shown(classCount: data.classes.count)
  }
}

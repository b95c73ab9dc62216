public import Evaluation

extension ComparisonDocument {
  /// The model with the best value of a metric on the test rows, the earlier one of two that are equal;
  /// `nil` where the metric is not defined for any.
  public func winner(by metric: Metric) -> (model: ModelPart, value: Double)? {
    var best: (model: ModelPart, value: Double)?
    for model in models {
      guard let value = model.validate.values[metric] else { continue }
      if let best, !(metric.higherIsBetter ? value > best.value : value < best.value) { continue }
      best = (model, value)
    }
    return best
  }
}

public import ONNX

extension LogisticRegressionModel {
  public func probabilities(
    of features: ONNXValue, in graph: inout ONNXGraph
  ) throws(ONNXError) -> ONNXValue {
    let isPresent = numbers.isPresent
    guard presentClasses.count > 1 else {
      return graph.certainty(rowsOf: features, isPresent)
    }
    let coefficients = graph.constant(
      ONNXTensor(numbers.coefficients, shape: [numbers.intercepts.count, featureCount]))
    let products = graph.node("MatMul", features, graph.node("Transpose", coefficients))
    let scores = graph.node("Add", products, graph.constant(numbers.intercepts))
    let shares =
      numbers.intercepts.count == 1
      ? shares(ofOdds: scores, in: &graph) : graph.softmax(scores)
    return graph.spread(shares, over: isPresent)
  }

  /// The shares of two classes from the log-odds of the second.
  private func shares(ofOdds scores: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    let odds = graph.node("Exp", graph.node("Neg", graph.node("Abs", scores)))
    let sum = graph.node("Add", odds, graph.constant(1))
    let (less, more) = (
      graph.node("Div", odds, sum), graph.node("Div", graph.constant(1), sum)
    )
    let isSecond = graph.node("Greater", scores, graph.constant(0))
    return graph.pair(
      graph.node("Where", isSecond, less, more), graph.node("Where", isSecond, more, less))
  }
}

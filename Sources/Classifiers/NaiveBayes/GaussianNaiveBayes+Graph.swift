public import ONNX

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

extension GaussianNaiveBayesModel {
  public func probabilities(
    of features: ONNXValue, in graph: inout ONNXGraph
  ) throws(ONNXError) -> ONNXValue {
    normalized(logShares(of: features, in: &graph), in: &graph)
  }

  /// The logarithms of the classes' shares, up to a constant of each row.
  private func logShares(of features: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    let zeros = graph.zeros(rowsOf: features, columns: classCount)
    let means = graph.constant(ONNXTensor(means.elements, shape: [classCount, featureCount]))
    let variances = graph.constant(
      ONNXTensor(variances.elements, shape: [classCount, featureCount]))
    let last = graph.constant([1])
    let distances = graph.sum(
      from: zeros, over: [(features, axis: 1), (means, axis: 1), (variances, axis: 1)]
    ) { graph, parts in
      let rest = graph.node("Sub", graph.node("Unsqueeze", parts[0], last), parts[1])
      return graph.node("Div", graph.node("Mul", rest, rest), parts[2])
    }
    let shares = graph.node(
      "Sub", graph.constant(constants), graph.node("Mul", graph.constant(0.5), distances))
    // A constant column has the variance 0: 0 / 0.
    let known = graph.node(
      "Where", graph.node("IsNaN", shares), graph.constant(classPriors.map { log($0) }), shares)
    return graph.node(
      "Where", graph.constant(ONNXTensor(isPresent)), known, graph.constant(-.infinity))
  }

  /// Turns the logarithms of shares into shares that sum to one, as the model does.
  private func normalized(_ shares: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    let axis = graph.constant([1])
    let largest = graph.node("ReduceMax", shares, axis)
    let isLargest = graph.node("Equal", shares, largest)
    let largestCount = graph.node("ReduceSum", graph.cast(isLargest, to: .double), axis)
    let powers = graph.node("Exp", graph.node("Sub", shares, largest))
    let others = graph.node("Where", isLargest, graph.constant(0), powers)
    let rest = graph.node("Div", graph.node("ReduceSum", others, axis), largestCount)
    let logSum = graph.node(
      "Add", graph.node("Add", graph.logarithmOfOne(plus: rest), graph.node("Log", largestCount)),
      largest)
    let finite = graph.node("Exp", graph.node("Sub", shares, logSum))
    // Densities that are infinite or all zero: equal shares for the classes with the largest one.
    let isWinner = graph.node("And", isLargest, graph.constant(ONNXTensor(isPresent)))
    let winners = graph.cast(isWinner, to: .double)
    let settled = graph.node("Div", winners, graph.node("ReduceSum", winners, axis))
    return graph.node("Where", graph.node("IsInf", largest), settled, finite)
  }
}

extension ONNXGraph {
  /// log(1 + x) for x ≥ 0 without the loss of x's digits: what rounding adds to 1 + x, the quotient takes away.
  ///
  /// - SeeAlso: Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991, theorem 4.
  fileprivate mutating func logarithmOfOne(plus x: ONNXValue) -> ONNXValue {
    let one = constant(1)
    let sum = node("Add", x, one)
    let rounded = node("Sub", sum, one)
    let quotient = node("Div", node("Mul", x, node("Log", sum)), rounded)
    return node("Where", node("Equal", rounded, constant(0)), x, quotient)
  }
}

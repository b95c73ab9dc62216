public import ONNX

extension HistGradientBoostingModel {
  public func probabilities(
    of features: ONNXValue, in graph: inout ONNXGraph
  ) throws(ONNXError) -> ONNXValue {
    let perRound = boosting.baseline.count
    guard perRound > 0 else { return graph.certainty(rowsOf: features, boosting.isPresent) }
    let leaves = graph.node(
      "Reshape", graph.leaves(of: ONNXTrees(boosting), boosting.numbered(features, in: &graph)),
      graph.constant([-1, roundCount, perRound]))
    // Round after round, as here.
    let start = graph.node(
      "Add", graph.zeros(rowsOf: features, columns: perRound), graph.constant(boosting.baseline))
    let raw = graph.sum(from: start, over: [(leaves, axis: 1)]) { _, parts in parts[0] }
    return graph.spread(
      perRound == 1 ? shares(of: raw, in: &graph) : graph.softmax(raw), over: boosting.isPresent)
  }

  /// The shares of two classes from the raw prediction of the second.
  private func shares(of raw: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    let one = graph.constant(1)
    let powers = graph.node("Exp", graph.node("Neg", raw))
    let second = graph.node("Div", one, graph.node("Add", one, powers))
    return graph.pair(graph.node("Sub", one, second), second)
  }
}

extension ONNXTrees {
  /// The trees of a file, for features with the numbers of categories behind them.
  fileprivate init(_ boosting: BoostingTensors) {
    let placesBehind = Dictionary(
      uniqueKeysWithValues: zip(
        boosting.featuresWithCategories, boosting.isCategorical.count...))
    self.init(
      roots: boosting.roots, leftChildren: boosting.leftChildren,
      leafValue: { boosting.leafValues[$0] },
      split: { node in
        let feature = Int(boosting.features[node])
        return (feature: placesBehind[feature] ?? feature, test: boosting.test(of: node))
      })
  }
}

extension BoostingTensors {
  fileprivate var featuresWithCategories: [Int] {
    isCategorical.indices.filter { isCategorical[$0] && thresholdCount($0) > 0 }
  }

  private func thresholds(of feature: Int) -> [Double] {
    let start = Int(firstThresholds[feature])
    return Array(thresholds[start..<start + thresholdCount(feature)])
  }

  /// The features, and behind them for each categorical one the number of the value: its bin plus one, or 0 for a value
  /// that is missing or no category.
  fileprivate func numbered(_ features: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    let numbers = featuresWithCategories.map { feature in
      let categories = thresholds(of: feature)
      let column = graph.node(
        "Gather", features, graph.constant([feature]), attributes: ["axis": .integer(1)])
      let isCategory = graph.node("Equal", column, graph.constant(categories))
      let weights = ONNXTensor(
        categories.indices.map { Double($0 + 1) }, shape: [categories.count, 1])
      return graph.node("MatMul", graph.cast(isCategory, to: .double), graph.constant(weights))
    }
    guard !numbers.isEmpty else { return features }
    return graph.nodes(
      "Concat", [features] + numbers, attributes: ["axis": .integer(1)], outputCount: 1)[0]
  }

  /// What sends a row to the left of an inner node: its bin becomes the threshold above it, and its set the numbers of
  /// categories.
  fileprivate func test(of node: Int) -> ONNXTrees.Test {
    let missingGoesLeft = missingGoesLeft[node] == 1
    let own = thresholds(of: Int(features[node]))
    if let set = leftCategories[node] {
      return .oneOf(
        (missingGoesLeft ? [0] : []) + own.indices.filter { set.contains($0) }.map { $0 + 1 })
    }
    let bin = Int(bins[node])
    // Behind the last threshold only missing values go to the right.
    return .atMost(
      bin < own.count ? own[bin] : .greatestFiniteMagnitude, missingGoesLeft: missingGoesLeft)
  }
}

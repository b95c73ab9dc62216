public import ONNX

extension HistGradientBoostingModel {
  public func probabilities(
    of features: ONNXValue, in graph: inout ONNXGraph
  ) throws(ONNXError) -> ONNXValue {
    let perRound = boosting.baseline.count
    guard perRound > 0 else { return graph.certainty(rowsOf: features, boosting.isPresent) }
    let leaves = graph.node(
      "Reshape", graph.leaves(of: ONNXTrees(boosting), features),
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
  /// The trees of a file, whose bins become the thresholds above them.
  fileprivate init(_ boosting: BoostingTensors) {
    self.init(
      roots: boosting.roots, leftChildren: boosting.leftChildren,
      leafValue: { boosting.leafValues[$0] },
      split: { node in
        let feature = Int(boosting.features[node])
        let (bin, last) = (Int(boosting.bins[node]), boosting.firstThresholds[feature + 1])
        let place = Int(boosting.firstThresholds[feature]) + bin
        return (
          feature: feature,
          // Behind the last threshold only missing values go to the right.
          threshold: place < Int(last)
            ? boosting.thresholds[place] : .greatestFiniteMagnitude,
          missingGoesLeft: boosting.missingGoesLeft[node] == 1
        )
      })
  }
}

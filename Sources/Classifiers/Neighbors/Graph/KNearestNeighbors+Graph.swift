import LinearAlgebra
public import ONNX

extension KNearestNeighborsModel {
  /// The most numbers of training samples in a graph, which measures each row's distance to all of them.
  static var graphLimit: Int { 8_000_000 }

  /// Refuses a graph that would be too slow.
  static func checkGraph(sampleCount: Int, featureCount: Int) throws(ONNXError) {
    guard sampleCount * featureCount > graphLimit else { return }
    throw ONNXError(
      "as ONNX, KNeighborsClassifier would measure the distance of every row to all \(sampleCount) training rows of "
        + "\(featureCount) features, and more than \(graphLimit) numbers are too slow; export another model, or "
        + "train on fewer rows")
  }

  public func probabilities(
    of features: ONNXValue, in graph: inout ONNXGraph
  ) throws(ONNXError) -> ONNXValue {
    try Self.checkGraph(sampleCount: samples.rowCount, featureCount: featureCount)
    let search = NeighborGraph(self, in: &graph)
    let votes = VoteGraph(self, in: &graph)
    // Row by row, so that memory does not grow with their number.
    let body = graph.subgraph(inputs: [nil]) { graph, inputs in
      let nearest = search.nearest(to: inputs[0], in: &graph)
      return [votes.shares(of: nearest, in: &graph)]
    }
    return graph.nodes(
      "Scan", [features], attributes: ["body": body, "num_scan_inputs": .integer(1)],
      outputCount: 1)[0]
  }
}

/// What turns the neighbours of a row into shares of their votes, as ``KNearestNeighborsModel`` does.
private struct VoteGraph {
  private let labels: ONNXValue
  private let classes: ONNXValue
  private let classCount: Int
  private let parameters: KNearestNeighbors

  init(_ model: KNearestNeighborsModel, in graph: inout ONNXGraph) {
    labels = graph.constant(model.labels.map { Int($0) })
    classes = graph.constant(Array(0..<model.classCount))
    classCount = model.classCount
    parameters = model.parameters
  }

  func shares(of nearest: NeighborGraph.Nearest, in graph: inout ONNXGraph) -> ONNXValue {
    let labels = graph.node("Gather", labels, nearest.rows)
    let zero = graph.constant(0)
    let votes = graph.sum(
      from: graph.constant([Double](repeating: 0, count: classCount)),
      over: [(labels, axis: 0), (weights(of: nearest.distances, in: &graph), axis: 0)]
    ) { graph, parts in
      graph.node("Where", graph.node("Equal", classes, parts[0]), parts[1], zero)
    }
    let counts = (0..<classCount).map { graph.node("Gather", votes, graph.constant([$0])) }
    return graph.node("Div", votes, graph.pairwiseSum(counts))
  }

  private func weights(of distances: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    let one = graph.constant(1)
    guard parameters.weighting == .distance else {
      return graph.constant([Double](repeating: 1, count: parameters.neighborCount))
    }
    let isZero = graph.node("Equal", distances, graph.constant(0))
    let plain = parameters.power == 2 ? graph.node("Sqrt", distances) : distances
    // If there are neighbours at distance zero, only they vote.
    let hasZero = graph.node("Gather", isZero, graph.constant([0]))
    return graph.node(
      "Where", hasZero, graph.cast(isZero, to: .double), graph.node("Div", one, plain))
  }
}

extension ONNXGraph {
  /// The sum in the order of ``PairwiseSum``.
  fileprivate mutating func pairwiseSum(_ terms: [ONNXValue]) -> ONNXValue {
    func added(_ first: ONNXValue, _ second: ONNXValue) -> ONNXValue { node("Add", first, second) }
    if terms.count < 8 {
      return terms.dropFirst().reduce(terms[0]) { added($0, $1) }
    }
    if terms.count > 128 {
      let half = terms.count / 2 / 8 * 8
      return added(pairwiseSum(Array(terms[..<half])), pairwiseSum(Array(terms[half...])))
    }
    var sums = Array(terms[..<8])
    let end = terms.count / 8 * 8
    for index in 8..<end { sums[index % 8] = added(sums[index % 8], terms[index]) }
    let fours = [
      added(added(sums[0], sums[1]), added(sums[2], sums[3])),
      added(added(sums[4], sums[5]), added(sums[6], sums[7])),
    ]
    return terms[end...].reduce(added(fours[0], fours[1])) { added($0, $1) }
  }
}

import ONNX

/// The part of a graph that chooses among equally distant samples as ``ReferenceTree`` does.
///
/// The tree keeps the samples that it meets first, in a heap. So each sample gets a time at which it is met, and the
/// samples go into the heap in this order.
struct TieGraph {
  private let heap: HeapGraph
  private let visits: VisitGraph

  init(_ model: KNearestNeighborsModel, _ gaps: GapGraph, in graph: inout ONNXGraph) {
    heap = HeapGraph(count: model.parameters.neighborCount)
    visits = VisitGraph(model, gaps, in: &graph)
  }

  /// The distances of the nearest samples, ascending, and their rows.
  func nearest(
    to query: ONNXValue, distances: ONNXValue, in graph: inout ONNXGraph
  ) -> [ONNXValue] {
    let kept = heap.nearest(distances, times: visits.times(of: query, in: &graph), in: &graph)
    let sorted = graph.smallest(heap.count, of: kept.distances)
    // A runtime does not see the shape of what a loop returns.
    let shape = graph.constant([heap.count])
    return [sorted[0], graph.node("Gather", kept.rows, sorted[1])].map {
      graph.node("Reshape", $0, shape)
    }
  }
}

/// When a search meets each sample: it visits of each two parts of the tree the nearer one first.
private struct VisitGraph {
  private let gaps: GapGraph
  private let sampleCount: Int
  /// Each sample's place in the order of the leaves.
  private let places: ONNXValue
  /// `nil` for a tree that is one leaf.
  private let division: Division?

  /// How the tree divides its samples.
  fileprivate struct Division {
    let shape: ReferenceTree.Shape
    /// Each sample's leaf.
    let leafOfSample: ONNXValue
    /// Of the left and of the right child of each inner node, which are columns: the lower and the upper ends of the box, or the
    /// ball's center; a row for each feature.
    let bounds: [[ONNXValue]]
    /// Of the left and of the right children's balls.
    let radii: [ONNXValue]
    /// For each leaf, a row, the inner nodes above it, the root first.
    let ancestors: ONNXValue
    /// Whether the leaf is on their right sides.
    let isRight: ONNXValue
    /// What comes of visiting the other side of a node first, the root first.
    let delays: ONNXValue
  }

  init(_ model: KNearestNeighborsModel, _ gaps: GapGraph, in graph: inout ONNXGraph) {
    self.gaps = gaps
    let samples = model.search.samples
    sampleCount = samples.rowCount
    guard case .tree(let shape, let leafSize) = model.search.ties?.rule else {
      places = graph.constant((0..<samples.rowCount).map { Double($0) })
      division = nil
      return
    }
    let innerCount = ReferenceTree.innerCount(samples.rowCount, leafSize: leafSize)
    let divided = TreeDivision(samples, gaps.distance, shape, innerCount: innerCount, threads: 1)
    var places = [Double](repeating: 0, count: samples.rowCount)
    for (place, row) in divided.rows.enumerated() { places[Int(row)] = Double(place) }
    self.places = graph.constant(places)
    division =
      innerCount == 0
      ? nil
      : Division(
        divided, shape, featureCount: samples.columnCount, innerCount: innerCount, in: &graph)
  }

  /// A number for each sample that grows in the order in which a search meets them.
  func times(of query: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    guard let division else { return places }
    let distances = [0, 1].map { division.distances(ofChildren: $0, query, gaps, in: &graph) }
    let isRightFirst = graph.node("Less", distances[1], distances[0])
    let isLate = graph.node(
      "Xor", graph.node("Gather", isRightFirst, division.ancestors), division.isRight)
    let delays = graph.node("Mul", graph.cast(isLate, to: .double), division.delays)
    let ranks = graph.node(
      "ReduceSum", delays, graph.constant([1]), attributes: ["keepdims": .integer(0)])
    let start = graph.node(
      "Mul", graph.node("Gather", ranks, division.leafOfSample),
      graph.constant(Double(sampleCount)))
    return graph.node("Add", start, places)
  }
}

extension VisitGraph.Division {
  fileprivate init(
    _ division: TreeDivision, _ shape: ReferenceTree.Shape, featureCount: Int, innerCount: Int,
    in graph: inout ONNXGraph
  ) {
    self.shape = shape
    // Of each node and feature the lower and the upper ends, or the centers.
    let parts = shape == .boxes ? 2 : 1
    bounds = [0, 1].map { child in
      (0..<parts).map { part in
        graph.constant(
          ONNXTensor(
            (0..<featureCount).flatMap { feature in
              (0..<innerCount).map { node in
                division.bounds[(node * featureCount + feature) * parts + part][child]
              }
            }, shape: [featureCount, innerCount]))
      }
    }
    radii =
      shape == .boxes
      ? [] : [0, 1].map { child in graph.constant(division.radii.map { $0[child] }) }
    var leafOfPlace = [Int](repeating: 0, count: division.rows.count)
    var ancestors: [Int] = []
    var isRight: [Bool] = []
    func visit(_ node: Int, _ range: Range<Int>, _ above: [Int], _ sides: [Bool]) {
      guard node < innerCount else {
        for place in range { leafOfPlace[place] = node - innerCount }
        ancestors += above
        isRight += sides
        return
      }
      let (left, right) = range.halves
      visit(2 * node + 1, left, above + [node], sides + [false])
      visit(2 * node + 2, right, above + [node], sides + [true])
    }
    visit(0, division.rows.indices, [], [])
    var leafOfSample = leafOfPlace
    for (place, row) in division.rows.enumerated() { leafOfSample[Int(row)] = leafOfPlace[place] }
    self.leafOfSample = graph.constant(leafOfSample)
    let depth = ancestors.count / (innerCount + 1)
    self.ancestors = graph.constant(ONNXTensor(ancestors, shape: [innerCount + 1, depth]))
    self.isRight = graph.constant(ONNXTensor(isRight, shape: [innerCount + 1, depth]))
    delays = graph.constant((0..<depth).map { Double(1 << (depth - 1 - $0)) })
  }

  /// The distances from a query to the left children (0) or to the right ones (1), as they are compared.
  fileprivate func distances(
    ofChildren child: Int, _ query: ONNXValue, _ gaps: GapGraph, in graph: inout ONNXGraph
  ) -> ONNXValue {
    let zero = graph.constant(0)
    let count = graph.node("Shape", bounds[child][0], attributes: ["start": .integer(1)])
    let zeros = graph.node(
      "ConstantOfShape", count, attributes: ["value": .tensor(ONNXTensor([0.0]))])
    let sequences = [(query, axis: 0)] + bounds[child].map { ($0, axis: 0) }
    let sums = graph.sum(from: zeros, over: sequences) { graph, parts in
      guard shape == .boxes else {
        return gaps.term(graph.node("Sub", parts[0], parts[1]), in: &graph)
      }
      let below = graph.node("Sub", parts[1], parts[0])
      let above = graph.node("Sub", parts[0], parts[2])
      return gaps.term(graph.node("Max", below, above, zero), in: &graph)
    }
    guard shape == .balls else { return sums }
    let gap = graph.node("Sub", gaps.distance(sums, in: &graph), radii[child])
    return gaps.term(graph.node("Max", gap, zero), in: &graph)
  }
}

import LinearAlgebra
import ONNX

/// The part of a graph that finds the neighbours of a row: it measures the distances to all training samples.
struct NeighborGraph {
  /// The neighbours of a row, nearest first.
  struct Nearest {
    /// Squared where the distance is Euclid's.
    let distances: ONNXValue
    /// Their places among the samples.
    let rows: ONNXValue
  }

  private let count: Int
  private let sampleCount: Int
  private let gaps: GapGraph
  private let ties: TieGraph
  /// Where all distances are rounded as products; `nil` for exact ones.
  private let products: ProductGraph?
  /// Whether distances matter too, and not only which samples are nearest.
  private let needsDistances: Bool
  /// The samples, a row for each feature.
  private let samples: ONNXValue
  /// A zero for each sample.
  private let zeros: ONNXValue

  init(_ model: KNearestNeighborsModel, in graph: inout ONNXGraph) {
    let samples = model.search.samples
    count = model.parameters.neighborCount
    gaps = GapGraph(distance: model.parameters.power == 1 ? .manhattan : .euclidean)
    self.samples = graph.constant(
      ONNXTensor(
        (0..<samples.columnCount).flatMap { samples.column($0) },
        shape: [samples.columnCount, samples.rowCount]))
    zeros = graph.zeros(count: samples.rowCount)
    ties = TieGraph(model, gaps, in: &graph)
    products =
      model.search.ties?.rule == .products
      ? ProductGraph(model, samples: self.samples, zeros: zeros, in: &graph) : nil
    needsDistances = model.parameters.weighting == .distance
    sampleCount = samples.rowCount
  }

  func nearest(to query: ONNXValue, in graph: inout ONNXGraph) -> Nearest {
    if let products, needsDistances {
      let distances = products.distances(to: query, in: &graph)
      return Nearest(ties.nearest(to: query, distances: distances, in: &graph))
    }
    let distances = graph.sum(from: zeros, over: [(query, axis: 0), (samples, axis: 0)]) {
      graph, parts in gaps.term(graph.node("Sub", parts[1], parts[0]), in: &graph)
    }
    // A search for all samples leaves nothing open.
    guard count < sampleCount else {
      return Nearest(graph.smallest(count, of: distances))
    }
    let found = graph.smallest(count + 1, of: distances)
    let isOpen =
      if let products {
        products.isOpen(query, found[0], count: count, in: &graph)
      } else {
        graph.node(
          "Equal", graph.element(count - 1, of: found[0]), graph.element(count, of: found[0]))
      }
    let types = [ONNXType(.double, [count]), ONNXType(.integer, [count])]
    return Nearest(
      graph.nodes(
        "If", [isOpen],
        attributes: [
          "then_branch": graph.subgraph(inputs: [], outputs: types) { graph, _ in
            let rounded = products?.distances(to: query, in: &graph) ?? distances
            return ties.nearest(to: query, distances: rounded, in: &graph)
          },
          "else_branch": graph.subgraph(inputs: [], outputs: types) { graph, _ in
            let places = graph.constant(Array(0..<count))
            return found.map { graph.node("Gather", $0, places) }
          },
        ], outputCount: 2))
  }
}

extension NeighborGraph.Nearest {
  fileprivate init(_ values: [ONNXValue]) { self.init(distances: values[0], rows: values[1]) }
}

/// What gaps between the features of two samples add to their distance as it is compared.
struct GapGraph {
  let distance: Distance

  func term(_ gap: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    switch distance {
    case .euclidean: graph.node("Mul", gap, gap)
    case .manhattan: graph.node("Abs", gap)
    }
  }

  /// The distance itself.
  func distance(_ compared: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    distance == .euclidean ? graph.node("Sqrt", compared) : compared
  }
}

extension ONNXGraph {
  mutating func zeros(count: Int) -> ONNXValue {
    node(
      "ConstantOfShape", constant([count]), attributes: ["value": .tensor(ONNXTensor([0.0]))])
  }

  /// The smallest of a vector, ascending, and their places; of equal ones the first.
  mutating func smallest(_ count: Int, of numbers: ONNXValue) -> [ONNXValue] {
    nodes(
      "TopK", [numbers, constant([count])], attributes: ["largest": .integer(0)], outputCount: 2)
  }

  /// The number at a place of a vector, as a vector of one.
  mutating func element(_ place: Int, of numbers: ONNXValue) -> ONNXValue {
    node("Gather", numbers, constant([place]))
  }
}

extension Matrix {
  fileprivate func column(_ column: Int) -> [Double] { (0..<rowCount).map { self[$0, column] } }
}

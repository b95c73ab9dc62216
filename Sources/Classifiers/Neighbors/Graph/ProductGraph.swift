import LinearAlgebra
import ONNX

/// The part of a graph that rounds squared distances as ``ReferenceProducts`` does.
struct ProductGraph {
  private let featureCount: Int
  /// The samples, a row for each feature.
  private let samples: ONNXValue
  /// A zero for each sample.
  private let zeros: ONNXValue
  private let squaredNorms: ONNXValue

  init(
    _ model: KNearestNeighborsModel, samples: ONNXValue, zeros: ONNXValue,
    in graph: inout ONNXGraph
  ) {
    featureCount = model.featureCount
    self.samples = samples
    self.zeros = zeros
    squaredNorms = graph.constant(ReferenceProducts(model.search.samples).squaredNorms)
  }

  /// ‖q‖² − 2 q·s + ‖s‖² for each sample, and not less than zero.
  func distances(to query: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    var product = zeros
    for (index, block) in ReferenceProducts.blocks(featureCount).enumerated() {
      let features = graph.constant(Array(block))
      let chain = fused(
        graph.node("Gather", query, features), graph.node("Gather", samples, features),
        from: zeros, in: &graph)
      product = index == 0 ? chain : graph.node("Add", product, chain)
    }
    let twice = graph.node("Mul", graph.constant(2), product)
    let difference = graph.node("Sub", squaredNorm(of: query, in: &graph), twice)
    return graph.node("Max", graph.node("Add", difference, squaredNorms), graph.constant(0))
  }

  /// Whether rounding may decide which samples are nearest.
  ///
  /// - Parameter nearest: the distances of one more than are sought, ascending.
  func isOpen(
    _ query: ONNXValue, _ nearest: ONNXValue, count: Int, in graph: inout ONNXGraph
  ) -> ONNXValue {
    let last = graph.element(count - 1, of: nearest)
    let limit = graph.element(count, of: nearest)
    let norm = graph.node("Sqrt", graph.node("ReduceSumSquare", query))
    let length = graph.node("Add", norm, graph.node("Sqrt", limit))
    // Twice the bound: here the lengths are summed in another order.
    let factor = ReferenceProducts.errorFactor(featureCount) * 4
    let bound = graph.node(
      "Mul", graph.constant(factor), graph.node("Mul", length, length))
    return graph.node("LessOrEqual", graph.node("Sub", limit, last), bound)
  }

  /// The sum of products, each multiplied and added with one rounding.
  private func fused(
    _ first: ONNXValue, _ second: ONNXValue, from start: ONNXValue, in graph: inout ONNXGraph
  ) -> ONNXValue {
    graph.fold(from: start, over: [(first, axis: 0), (second, axis: 0)]) { graph, sum, parts in
      graph.fusedProduct(parts[0], parts[1], adding: sum)
    }
  }

  /// As ``ReferenceProducts/squaredNorm(_:_:)``: four vectors of eight numbers, then of four, then what is left one by one.
  private func squaredNorm(of query: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    let blocks = featureCount / 32
    var index = 32 * blocks
    var fours: ONNXValue?
    func numbers(_ start: Int, _ shape: [Int]) -> ONNXValue {
      let places = ONNXTensor(
        Array(start..<start + shape.reduce(1, *)), shape: shape)
      return graph.node("Gather", query, graph.constant(places))
    }
    func part(_ index: Int, of value: ONNXValue, axis: Int) -> ONNXValue {
      graph.node(
        "Gather", value, graph.constant(ONNXTensor([index], shape: [])),
        attributes: ["axis": .integer(axis)])
    }
    if blocks > 0 {
      let wide = numbers(0, [blocks, 4, 2, 4])
      let zeros = graph.constant(
        ONNXTensor([Double](repeating: 0, count: 32), shape: [4, 2, 4]))
      let eights = fused(wide, wide, from: zeros, in: &graph)
      fours = graph.node("Add", part(0, of: eights, axis: 1), part(1, of: eights, axis: 1))
    }
    if index + 16 <= featureCount {
      let narrow = numbers(index, [4, 4])
      let zeros = graph.constant(ONNXTensor([Double](repeating: 0, count: 16), shape: [4, 4]))
      fours = graph.fusedProduct(narrow, narrow, adding: fours ?? zeros)
      index += 16
    }
    var sum = graph.constant(0)
    if let fours {
      let parts = (0..<4).map { part($0, of: fours, axis: 0) }
      let four = parts.dropFirst().reduce(parts[0]) { graph.node("Add", $0, $1) }
      let numbers = (0..<4).map { part($0, of: four, axis: 0) }
      sum = graph.node(
        "Add", graph.node("Add", numbers[0], numbers[2]), graph.node("Add", numbers[1], numbers[3]))
    }
    guard index < featureCount else { return sum }
    let rest = numbers(index, [featureCount - index])
    return fused(rest, rest, from: sum, in: &graph)
  }
}

extension ONNXGraph {
  /// a·b + c with one rounding.
  ///
  /// The product and the sums are each two numbers without an error, of which the second is what rounding takes from the first.
  ///
  /// - SeeAlso: Dekker, "A floating-point technique for extending the available precision", 1971; Boldo and Melquiond, "Emulation
  ///   of a FMA and correctly rounded sums", 2008.
  mutating func fusedProduct(_ a: ONNXValue, _ b: ONNXValue, adding c: ONNXValue) -> ONNXValue {
    let product = exactProduct(a, b)
    let low = exactSum(c, product.error)
    let high = exactSum(product.value, low.value)
    let rest = exactSum(low.error, high.error)
    let sum = exactSum(high.value, rest.value)
    // Half a unit was rounded to an even number, and what is left says that it is more than half.
    let zero = constant(0)
    let unit = node("Add", sum.error, sum.error)
    let next = node("Add", sum.value, unit)
    let isHalf = node("Equal", node("Sub", next, sum.value), unit)
    let isAbove = node("And", node("Greater", sum.error, zero), node("Greater", rest.error, zero))
    let isBelow = node("And", node("Less", sum.error, zero), node("Less", rest.error, zero))
    return node("Where", node("And", isHalf, node("Or", isAbove, isBelow)), next, sum.value)
  }

  private mutating func exactSum(
    _ a: ONNXValue, _ b: ONNXValue
  ) -> (value: ONNXValue, error: ONNXValue) {
    let sum = node("Add", a, b)
    let other = node("Sub", sum, a)
    let lost = node("Sub", a, node("Sub", sum, other))
    return (sum, node("Add", lost, node("Sub", b, other)))
  }

  private mutating func exactProduct(
    _ a: ONNXValue, _ b: ONNXValue
  ) -> (value: ONNXValue, error: ONNXValue) {
    let product = node("Mul", a, b)
    let (first, second) = (halves(a), halves(b))
    var error = node("Sub", node("Mul", first.high, second.high), product)
    error = node("Add", error, node("Mul", first.high, second.low))
    error = node("Add", error, node("Mul", first.low, second.high))
    return (product, node("Add", error, node("Mul", first.low, second.low)))
  }

  /// A number as two of half as many digits.
  private mutating func halves(_ a: ONNXValue) -> (high: ONNXValue, low: ONNXValue) {
    let spread = node("Mul", a, constant(0x1p27 + 1))
    let high = node("Sub", spread, node("Sub", spread, a))
    return (high, node("Sub", a, high))
  }
}

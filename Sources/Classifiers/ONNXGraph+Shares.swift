import ONNX

/// What the graphs of several models need to make shares of scores.
extension ONNXGraph {
  /// The softmax of each row of scores, which are doubles.
  mutating func softmax(_ scores: ONNXValue) -> ONNXValue {
    let axis = constant([1])
    let powers = node("Exp", node("Sub", scores, node("ReduceMax", scores, axis)))
    return node("Div", powers, node("ReduceSum", powers, axis))
  }

  /// The shares of two classes, a column for each.
  mutating func pair(_ first: ONNXValue, _ second: ONNXValue) -> ONNXValue {
    nodes("Concat", [first, second], attributes: ["axis": .integer(1)], outputCount: 1)[0]
  }

  /// The shares of the classes that are present, a column for each, among zeros for the others.
  mutating func spread(_ shares: ONNXValue, over isPresent: [Bool]) -> ONNXValue {
    let present = isPresent.indices.filter { isPresent[$0] }
    guard present.count < isPresent.count else { return shares }
    // A product with ones and zeros moves numbers without rounding them.
    let places = present.flatMap { label in isPresent.indices.map { $0 == label ? 1.0 : 0 } }
    return node(
      "MatMul", shares, constant(ONNXTensor(places, shape: [present.count, isPresent.count])))
  }

  /// The shares of a model that knows a single class: a row for each row of a table.
  mutating func certainty(rowsOf table: ONNXValue, _ isPresent: [Bool]) -> ONNXValue {
    node(
      "Add", zeros(rowsOf: table, columns: isPresent.count),
      constant(isPresent.map { $0 ? 1.0 : 0 }))
  }
}

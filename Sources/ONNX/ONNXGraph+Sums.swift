extension ONNXGraph {
  /// A sum whose terms are added one after the other, as a loop adds them: the reducing operators of a runtime may add in any
  /// order, and round otherwise.
  ///
  /// - Parameters:
  ///   - start: what the first term is added to.
  ///   - sequences: arrays whose parts along an axis are given to `term`, one of each at a time.
  public mutating func sum(
    from start: ONNXValue, over sequences: [(value: ONNXValue, axis: Int)],
    _ term: (_ graph: inout ONNXGraph, _ parts: [ONNXValue]) -> ONNXValue
  ) -> ONNXValue {
    fold(from: start, over: sequences) { graph, sum, parts in
      graph.node("Add", sum, term(&graph, parts))
    }
  }

  /// What comes of a value when a step is taken with each of the parts of arrays.
  public mutating func fold(
    from start: ONNXValue, over sequences: [(value: ONNXValue, axis: Int)],
    _ step: (_ graph: inout ONNXGraph, _ value: ONNXValue, _ parts: [ONNXValue]) -> ONNXValue
  ) -> ONNXValue {
    let body = subgraph(inputs: [ONNXType?](repeating: nil, count: 1 + sequences.count)) {
      graph, inputs in
      [step(&graph, inputs[0], Array(inputs.dropFirst()))]
    }
    return nodes(
      "Scan", [start] + sequences.map(\.value),
      attributes: [
        "body": body, "num_scan_inputs": .integer(sequences.count),
        "scan_input_axes": .integers(sequences.map(\.axis)),
      ], outputCount: 1)[0]
  }

  /// Zeros: a row for each row of a table, and a number of columns.
  public mutating func zeros(rowsOf table: ONNXValue, columns: Int) -> ONNXValue {
    let rows = node("Shape", table, attributes: ["start": .integer(0), "end": .integer(1)])
    let shape = nodes(
      "Concat", [rows, constant([columns])], attributes: ["axis": .integer(0)], outputCount: 1)[0]
    return node("ConstantOfShape", shape, attributes: ["value": .tensor(ONNXTensor([0.0]))])
  }

  /// Values of one type.
  public mutating func cast(_ value: ONNXValue, to type: ONNXTensor.ElementType) -> ONNXValue {
    node("Cast", value, attributes: ["to": .integer(type.rawValue)])
  }
}

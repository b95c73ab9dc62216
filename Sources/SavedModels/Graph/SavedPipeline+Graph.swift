import Classifiers
import ModelFiles
public import ONNX

extension SavedPipeline {
  /// The bytes of an ONNX file that predicts as this pipeline does.
  ///
  /// It has an input for each column, under the column's name and with the shape rows × 1, and two outputs: `label`, the
  /// predicted class's name for each row, and `probabilities`, rows × classes. `docs/onnx.md` describes it.
  public func onnxFile() throws(ONNXError) -> [UInt8] {
    var graph = ONNXGraph()
    var parts: [ONNXValue] = []
    for column in columns {
      parts.append(
        try column.features(
          in: &graph, unknownCategory: unknownCategory,
          keepsMissing: description.training.keepsMissing))
    }
    let features = graph.nodes(
      "Concat", parts, attributes: ["axis": .integer(1)], outputCount: 1)[0]
    let probabilities = try saved.model.probabilities(of: features, in: &graph)
    let names = graph.constant(ONNXTensor(classNames))
    let label = graph.node("Gather", names, label(of: probabilities, in: &graph))
    try graph.output(label, "label", .text, columns: [])
    try graph.output(probabilities, "probabilities", .double, columns: [classNames.count])
    return try graph.file(
      producer: "compare-models", version: description.programVersion,
      metadata: description.metadata)
  }

  /// The index of the class that ``labels(of:)`` gives.
  private func label(of probabilities: ONNXValue, in graph: inout ONNXGraph) -> ONNXValue {
    guard let threshold = description.threshold else {
      return graph.node(
        "ArgMax", probabilities, attributes: ["axis": .integer(1), "keepdims": .integer(0)])
    }
    let second = graph.node(
      "Gather", probabilities, graph.constant(ONNXTensor([1], shape: [])),
      attributes: ["axis": .integer(1)])
    let isSecond = graph.node("GreaterOrEqual", second, graph.constant(threshold.value))
    return graph.cast(isSecond, to: .integer)
  }
}

/// A graph of operators, from the inputs of a model to its outputs.
///
///     var graph = ONNXGraph()
///     let carat = try graph.input("carat", .double)
///     let scaled = graph.node("Sub", carat, graph.constant([0.8]))
///     graph.output(scaled, "scaled", .double, columns: [1])
///     let bytes = try graph.file(metadata: [:])
///
/// Tables are two-dimensional: a row per sample, whose number is open, and a number of columns.
public struct ONNXGraph: Sendable {
  private var nodes: [ONNXNode] = []
  private var constants: [(value: ONNXValue, tensor: ONNXTensor)] = []
  private var inputs: [Port] = []
  private var outputs: [Port] = []
  /// What the names of the values begin with: unlike those of any other graph in it or around it.
  private let prefix: String
  private var valueCount = 0

  /// An input or output.
  fileprivate struct Port: Sendable {
    let value: ONNXValue
    /// `nil` in a graph inside another, where the operator around it says so.
    let type: ONNXType?
  }

  public init() { prefix = "value " }

  private init(prefix: String) { self.prefix = prefix }

  // MARK: Inputs and outputs

  /// An input of one column.
  ///
  /// - Throws: ``ONNXError`` where the name is empty, or another value's.
  public mutating func input(
    _ name: String, _ type: ONNXTensor.ElementType
  ) throws(ONNXError) -> ONNXValue {
    guard !name.isEmpty, !name.hasPrefix(prefix), !inputs.contains(where: { $0.value.name == name })
    else {
      throw ONNXError("a column cannot be called \"\(name)\" in an ONNX graph; rename it")
    }
    let value = ONNXValue(name: name)
    inputs.append(Port(value: value, type: ONNXType(type, [nil, 1])))
    return value
  }

  /// Names an output.
  ///
  /// - Parameter columns: the sizes behind the number of rows: none for a vector.
  /// - Throws: ``ONNXError`` where an input has that name.
  public mutating func output(
    _ value: ONNXValue, _ name: String, _ type: ONNXTensor.ElementType, columns: [Int]
  ) throws(ONNXError) {
    guard !inputs.contains(where: { $0.value.name == name }) else {
      throw ONNXError(
        "a column cannot be called \"\(name)\" in an ONNX graph, which has an output of that name; "
          + "rename it")
    }
    let output = ONNXValue(name: name)
    nodes.append(
      ONNXNode(
        operation: "Identity", operators: .standard, inputs: [value], outputs: [output], name: nil,
        attributes: [:]))
    outputs.append(Port(value: output, type: ONNXType(type, [nil] + columns)))
  }

  // MARK: Constants and operators

  public mutating func constant(_ tensor: ONNXTensor) -> ONNXValue {
    let value = newValue()
    constants.append((value, tensor))
    return value
  }

  /// A single number.
  public mutating func constant(_ number: Double) -> ONNXValue {
    constant(ONNXTensor([number], shape: []))
  }

  /// A vector.
  public mutating func constant(_ numbers: [Double]) -> ONNXValue { constant(ONNXTensor(numbers)) }

  /// A vector.
  public mutating func constant(_ numbers: [Int]) -> ONNXValue { constant(ONNXTensor(numbers)) }

  /// The output of an operator, such as `Add`, on values.
  ///
  /// - Parameter name: what a runtime's errors call it.
  public mutating func node(
    _ operation: String, _ inputs: ONNXValue..., operators: ONNXOperatorSet = .standard,
    attributes: KeyValuePairs<String, ONNXAttribute?> = [:], name: String? = nil
  ) -> ONNXValue {
    nodes(
      operation, inputs, operators: operators, attributes: attributes, name: name, outputCount: 1)[
        0]
  }

  /// All outputs of an operator.
  public mutating func nodes(
    _ operation: String, _ inputs: [ONNXValue], operators: ONNXOperatorSet = .standard,
    attributes: KeyValuePairs<String, ONNXAttribute?> = [:], name: String? = nil, outputCount: Int
  ) -> [ONNXValue] {
    let outputs = (0..<outputCount).map { _ in newValue() }
    nodes.append(
      ONNXNode(
        operation: operation, operators: operators, inputs: inputs, outputs: outputs, name: name,
        attributes: attributes))
    return outputs
  }

  private mutating func newValue() -> ONNXValue {
    valueCount += 1
    return ONNXValue(name: prefix + "\(valueCount)")
  }

  /// A graph inside this one, which an operator such as `Scan` runs. It sees the values around it.
  ///
  /// - Parameters:
  ///   - inputs: of what type the values are that the operator gives to each run; `nil` where it says so.
  ///   - outputs: of what type its outputs are; `nil` where they say so.
  ///   - body: makes the graph of these values, and returns its outputs.
  public mutating func subgraph(
    inputs types: [ONNXType?], outputs: [ONNXType]? = nil,
    _ body: (_ graph: inout ONNXGraph, _ inputs: [ONNXValue]) -> [ONNXValue]
  ) -> ONNXAttribute {
    var graph = ONNXGraph(prefix: newValue().name + ".")
    let inputs = types.map { _ in graph.newValue() }
    graph.inputs = zip(inputs, types).map { Port(value: $0, type: $1) }
    let results = body(&graph, inputs)
    // An output must be a node's, even where it is what the graph was given.
    graph.outputs = results.enumerated().map { index, value in
      Port(value: graph.node("Identity", value), type: outputs?[index])
    }
    return .graph(graph)
  }

  // MARK: The file

  /// The bytes of a file.
  ///
  /// - Parameter metadata: texts that describe the model.
  /// - Throws: ``ONNXError`` where the file would be larger than a message of Protocol Buffers may be.
  public func file(
    producer: String, version: String, metadata: [String: String]
  ) throws(ONNXError) -> [UInt8] {
    var file = ProtobufMessage()
    // Of the release in which the sets of operators are new.
    file.append(1, 10)
    file.append(2, producer)
    file.append(3, version)
    file.append(7, message(name: "model"))
    for operators in ONNXOperatorSet.allCases {
      var set = ProtobufMessage()
      set.append(1, operators.rawValue)
      set.append(2, operators.version)
      file.append(8, set)
    }
    for (name, text) in metadata.sorted(by: { $0.key < $1.key }) {
      var entry = ProtobufMessage()
      entry.append(1, name)
      entry.append(2, text)
      file.append(14, entry)
    }
    guard file.bytes.count < 1 << 31 else {
      throw ONNXError(
        "the model takes \(file.bytes.count) bytes as ONNX, and a file has less than 2 GiB; fit a "
          + "smaller model")
    }
    return file.bytes
  }

  /// A `GraphProto`.
  func message(name: String) -> ProtobufMessage {
    var message = ProtobufMessage()
    for node in nodes { message.append(1, node.message) }
    message.append(2, name)
    for (value, tensor) in constants { message.append(5, tensor.message(name: value.name)) }
    for input in inputs { message.append(11, input.message) }
    for output in outputs { message.append(12, output.message) }
    return message
  }
}

extension ONNXGraph.Port {
  /// A `ValueInfoProto`.
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    message.append(1, value.name)
    if let type { message.append(2, type.message) }
    return message
  }
}

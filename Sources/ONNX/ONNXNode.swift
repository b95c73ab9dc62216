/// A value of a graph, known by its name: an input, a constant, or what an operator returns.
public struct ONNXValue: Hashable, Sendable {
  let name: String
}

/// The type of a value.
public struct ONNXType: Sendable {
  let element: ONNXTensor.ElementType
  let shape: [Int?]

  /// - Parameter shape: the size of each dimension; `nil` for the number of rows. Empty for a single element.
  public init(_ element: ONNXTensor.ElementType, _ shape: [Int?]) {
    self.element = element
    self.shape = shape
  }

  /// A `TypeProto`.
  var message: ProtobufMessage {
    var shape = ProtobufMessage()
    for count in self.shape {
      var dimension = ProtobufMessage()
      if let count { dimension.append(1, count) } else { dimension.append(2, "rows") }
      shape.append(1, dimension)
    }
    var tensor = ProtobufMessage()
    tensor.append(1, element.rawValue)
    tensor.append(2, shape)
    var type = ProtobufMessage()
    type.append(1, tensor)
    return type
  }
}

/// The operators are those of two sets.
public enum ONNXOperatorSet: String, CaseIterable, Sendable {
  /// https://onnx.ai/onnx/operators/
  case standard = ""
  /// Trees and encoders.
  case machineLearning = "ai.onnx.ml"

  /// The first versions with all operators that graphs use: `TreeEnsemble` in double precision is new in them.
  var version: Int {
    switch self {
    case .standard: 21
    case .machineLearning: 5
    }
  }
}

/// What an operator is told besides its inputs.
public enum ONNXAttribute: Sendable {
  case integer(Int)
  case integers([Int])
  case texts([String])
  case tensor(ONNXTensor)
  case graph(ONNXGraph)

  /// An `AttributeProto`.
  func message(name: String) -> ProtobufMessage {
    var message = ProtobufMessage()
    message.append(1, name)
    switch self {
    case .integer(let number):
      message.append(3, number)
      message.append(20, 2)
    case .tensor(let tensor):
      message.append(5, tensor.message(name: nil))
      message.append(20, 4)
    case .graph(let graph):
      message.append(6, graph.message(name: name))
      message.append(20, 5)
    case .integers(let numbers):
      message.append(8, packed: numbers)
      message.append(20, 7)
    case .texts(let texts):
      for text in texts { message.append(9, text) }
      message.append(20, 8)
    }
    return message
  }
}

/// An operator in a graph, with what it works on.
struct ONNXNode: Sendable {
  let operation: String
  let operators: ONNXOperatorSet
  let inputs: [ONNXValue]
  let outputs: [ONNXValue]
  /// What errors of a runtime call it; `nil` for the name of its output.
  let name: String?
  /// Those that are `nil` are left out.
  let attributes: KeyValuePairs<String, ONNXAttribute?>

  /// A `NodeProto`.
  var message: ProtobufMessage {
    var message = ProtobufMessage()
    for input in inputs { message.append(1, input.name) }
    for output in outputs { message.append(2, output.name) }
    // Some versions of onnxruntime take nodes without a name for one.
    message.append(3, name ?? outputs[0].name)
    message.append(4, operation)
    for (name, attribute) in attributes {
      if let attribute { message.append(5, attribute.message(name: name)) }
    }
    if operators != .standard { message.append(7, operators.rawValue) }
    return message
  }
}

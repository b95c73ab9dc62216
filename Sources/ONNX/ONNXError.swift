public import Support

/// A model that cannot be written as an ONNX graph.
public struct ONNXError: Error, Hashable, CustomStringConvertible {
  /// What is in the way, and what to do.
  public let description: String

  public init(_ problem: String) { description = problem }
}

extension ONNXError: ExitStatusProviding {
  public var exitStatus: Int32 { 65 }
}

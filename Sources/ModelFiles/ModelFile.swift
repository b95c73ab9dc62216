/// The file of a model, with every number checked.
///
///     let file = try ModelFile(contentsOf: "models/model.safetensors")
///     file.description.algorithm
///
/// A file that is accepted here can be loaded without further checks.
public struct ModelFile: Sendable {
  /// The file's name in a model's folder.
  public static let name = "model.safetensors"
  /// The name of the same model as an ONNX graph, where it was asked for.
  public static let graphName = "model.onnx"

  /// The name of the model's card, which people read and programs only move.
  public static let cardName = "model-card.md"

  public let description: ModelDescription
  /// The checked hyper-parameters of the algorithm.
  package let hyperparameters: any HyperparameterSet
  package let tensors: any ModelTensors

  /// Reads and checks a file.
  public init(contentsOf path: String) throws(ModelFileError) {
    try self.init(ByteSource(contentsOf: path))
  }

  /// Reads and checks a file's bytes.
  ///
  /// - Parameter fileName: the file's name in errors.
  public init(bytes: [UInt8], fileName: String = ModelFile.name) throws(ModelFileError) {
    try self.init(ByteSource(bytes, name: fileName))
  }

  private init(_ source: ByteSource) throws(ModelFileError) {
    let file = try SafetensorsFile(source)
    description = try ModelDescription(metadata: file.metadata, fileName: file.fileName)
    do throws(ParameterError) {
      hyperparameters = try description.hyperparameterSet()
    } catch {
      throw file.fail(error.description)
    }
    tensors = try hyperparameters.tensors(of: file, description)
  }

  /// The bytes of a file, the same for the same model and description.
  ///
  /// - Throws: ``ModelFileError`` if names and hyper-parameters are longer than a header may be.
  package static func bytes(
    _ tensors: any ModelTensors, _ description: ModelDescription
  ) throws(ModelFileError) -> [UInt8] {
    let bytes = SafetensorsWriter.bytes(tensors.list, metadata: description.metadata)
    let headerCount = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard headerCount <= SafetensorsFile.headerLimit else {
      throw ModelFileError(
        .badData, Self.name,
        "the names of features and classes need a header of \(headerCount) bytes, "
          + "\(SafetensorsFile.headerLimit) are read")
    }
    return bytes
  }
}

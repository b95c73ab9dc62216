public import Classifiers

/// A model that is or was in a file, with its description.
///
/// A restored model gives the same bytes for every probability as the one that was saved.
///
///     let saved = try SavedModel(contentsOf: "runs/…/RandomForest/model.safetensors")
///     saved.model.probabilities(for: features)   // of encoded and scaled rows
public struct SavedModel: Sendable {
  public static let fileName = "model.safetensors"

  public let description: ModelDescription
  public let model: any ClassificationModel

  /// - Precondition: `model` is one of the four algorithms' models and fits the description.
  public init(_ model: any ClassificationModel, _ description: ModelDescription) {
    self.model = model
    self.description = description
  }

  /// The file's bytes, the same for the same model and description.
  ///
  /// - Throws: ``ModelFileError`` when names and hyper-parameters are longer than a header may be.
  public func bytes() throws(ModelFileError) -> [UInt8] {
    let tensors =
      switch model {
      case let model as RandomForestModel: model.packed.arrays.tensors
      case let model as DecisionTreeModel: model.packed.arrays.tensors
      case let model as PackedTreesModel: model.arrays.tensors
      case let model as GaussianNaiveBayesModel: model.tensors
      case let model as KNearestNeighborsModel: model.tensors
      default: preconditionFailure("\(type(of: model)) has no form in a file")
      }
    let bytes = SafetensorsWriter.bytes(tensors, metadata: description.metadata)
    let headerCount = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard headerCount <= SafetensorsFile.headerLimit else {
      throw ModelFileError(
        .badData, Self.fileName,
        "the names of features and classes need a header of \(headerCount) bytes, "
          + "\(SafetensorsFile.headerLimit) are read")
    }
    return bytes
  }

  /// Reads a file, which is taken for hostile until all of it is checked.
  public init(contentsOf path: String) throws(ModelFileError) {
    try self.init(ByteSource(contentsOf: path))
  }

  /// Reads a file's bytes.
  ///
  /// - Parameter fileName: what errors call the file.
  public init(bytes: [UInt8], fileName: String = SavedModel.fileName) throws(ModelFileError) {
    try self.init(ByteSource(bytes, name: fileName))
  }

  private init(_ source: ByteSource) throws(ModelFileError) {
    let file = try SafetensorsFile(source)
    let description = try ModelDescription(metadata: file.metadata, fileName: file.fileName)
    do {
      model =
        switch try description.classifier() {
        case let forest as RandomForest:
          try PackedTreesModel(file, description, treeCount: forest.treeCount)
        case is DecisionTree: try PackedTreesModel(file, description, treeCount: 1)
        case is GaussianNaiveBayes: try GaussianNaiveBayesModel(file, description)
        case let neighbors as KNearestNeighbors: try neighbors.model(file, description)
        default: preconditionFailure("the roster of algorithms and this switch differ")
        }
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw ModelFileError(.badData, file.fileName, "\(error)")
    }
    self.description = description
  }
}

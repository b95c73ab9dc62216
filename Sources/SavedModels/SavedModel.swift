public import Classifiers
public import ModelFiles

/// A model with its description, as it is saved in a file.
///
/// A restored model's probabilities equal those of the saved one to the last bit.
///
///     let saved = try SavedModel(contentsOf: "runs/…/RandomForest/model.safetensors")
///     saved.model.probabilities(for: features)   // of encoded and scaled rows
public struct SavedModel: Sendable {
  public let description: ModelDescription
  public let model: any ClassificationModel

  /// - Precondition: the model fits the description.
  public init(_ model: any ClassificationModel, _ description: ModelDescription) {
    self.model = model
    self.description = description
  }

  /// The model of a file.
  public init(_ file: ModelFile) {
    func restored<Learner: Classifier>(_ classifier: Learner) -> any ClassificationModel {
      guard let tensors = file.tensors as? Learner.Tensors else {
        preconditionFailure("a file is read by its own hyper-parameters")
      }
      return classifier.model(of: tensors, file.description)
    }
    description = file.description
    model = restored(file.hyperparameters.classifier)
  }

  /// Reads and checks a file.
  public init(contentsOf path: String) throws(ModelFileError) {
    self.init(try ModelFile(contentsOf: path))
  }

  /// The model as a file.
  ///
  /// - Throws: ``ModelFileError`` if names and hyper-parameters are longer than a header may be.
  public func bytes() throws(ModelFileError) -> [UInt8] {
    try ModelFile.bytes(model.tensors, description)
  }
}

public import Classifiers
public import ModelFiles

/// A model that is or was in a file, with its description.
///
/// A restored model gives the same bytes for every probability as the one that was saved.
///
///     let saved = try SavedModel(contentsOf: "runs/…/RandomForest/model.safetensors")
///     saved.model.probabilities(for: features)   // of encoded and scaled rows
public struct SavedModel: Sendable {
  public let description: ModelDescription
  public let model: any ClassificationModel

  /// - Precondition: `model` is one of the four algorithms' models and fits the description.
  public init(_ model: any ClassificationModel, _ description: ModelDescription) {
    self.model = model
    self.description = description
  }

  /// Makes the model of a file.
  public init(_ file: ModelFile) {
    description = file.description
    let featureCount = description.featureNames.count
    model =
      switch file.tensors {
      case .trees(let trees): PackedTreesModel(trees, featureCount: featureCount)
      case .naiveBayes(let bayes): GaussianNaiveBayesModel(bayes)
      case .neighbors(let neighbors):
        KNearestNeighborsModel(neighbors, classCount: description.classNames.count)
      }
  }

  /// Reads a file, which is taken for hostile until all of it is checked.
  public init(contentsOf path: String) throws(ModelFileError) {
    self.init(try ModelFile(contentsOf: path))
  }

  /// The model as a file.
  public var file: ModelFile {
    let tensors: ModelTensors =
      switch model {
      case let model as RandomForestModel: .trees(model.packed.tensors)
      case let model as DecisionTreeModel: .trees(model.packed.tensors)
      case let model as PackedTreesModel: .trees(model.tensors)
      case let model as GaussianNaiveBayesModel: .naiveBayes(model.tensors)
      case let model as KNearestNeighborsModel: .neighbors(model.tensors)
      default: preconditionFailure("\(type(of: model)) has no form in a file")
      }
    return ModelFile(tensors, description)
  }
}

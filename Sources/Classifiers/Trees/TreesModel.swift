import LinearAlgebra

/// A model of trees, which predicts with packed trees and is saved as such.
protocol TreesModel: ClassificationModel {
  var predictor: TreePredictor { get }
}

extension TreesModel {
  public var classCount: Int { predictor.classCount }

  public func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    return predictor.meanShares(for: features, threads: threads)
  }

  public func probabilities(of sample: [Double]) -> [Double] {
    precondition(sample.count == featureCount, "the model knows \(featureCount) features")
    return predictor.meanShares(of: sample)
  }

  public func prepareForBatches(threads: Int) {
    predictor.prepareForBatches(featureCount: featureCount, threads: threads)
  }

  public func labels(
    of shuffled: ShuffledRows, threshold: Double?, threads: Int
  ) -> [Int32] {
    predictor.labels(of: shuffled, threshold: threshold, threads: threads)
      ?? generalLabels(of: shuffled, threshold: threshold, threads: threads)
  }

  public var tensors: any ModelTensors { predictor.tensors }
}

/// The trees of a file, a single one or a forest, with only what prediction needs.
///
/// A file does not have impurities, weights, sample counts, the shares of inner nodes, and the digits of thresholds
/// beyond 32 bits.
struct SavedTreesModel: TreesModel {
  let featureCount: Int
  let predictor: TreePredictor

  init(_ tensors: TreeTensors, _ description: ModelDescription) {
    featureCount = description.featureNames.count
    predictor = TreePredictor(tensors, featureCount: featureCount)
  }
}

extension RandomForest {
  public func model(
    of tensors: TreeTensors, _ description: ModelDescription
  ) -> any ClassificationModel { SavedTreesModel(tensors, description) }
}

extension DecisionTree {
  public func model(
    of tensors: TreeTensors, _ description: ModelDescription
  ) -> any ClassificationModel { SavedTreesModel(tensors, description) }
}

extension Algorithm {
  /// The algorithm with scikit-learn's default hyper-parameters.
  ///
  /// - Parameter seed: the seed of every random draw; the algorithms without chance ignore it.
  public func classifier(seed: UInt32) -> any Classifier {
    switch self {
    case .randomForest: RandomForest(seed: seed)
    case .decisionTree: DecisionTree(seed: seed)
    case .gaussianNaiveBayes: GaussianNaiveBayes()
    case .kNearestNeighbors: KNearestNeighbors()
    }
  }
}

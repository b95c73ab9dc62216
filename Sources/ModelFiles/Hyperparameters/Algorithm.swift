/// The algorithms that can be compared, under the names that the original gave their runs.
public enum Algorithm: String, CaseIterable, Codable, Hashable, Sendable {
  case randomForest = "RandomForest"
  case decisionTree = "DecisionTreeClassifier"
  case gaussianNaiveBayes = "GaussianNB"
  case kNearestNeighbors = "KNeighborsClassifier"

  /// scikit-learn's default hyper-parameters.
  ///
  /// - Parameter seed: the seed of every random draw; the algorithms without chance ignore it.
  public func hyperparameters(seed: UInt32) -> any HyperparameterSet {
    switch self {
    case .randomForest: RandomForest(seed: seed)
    case .decisionTree: DecisionTree(seed: seed)
    case .gaussianNaiveBayes: GaussianNaiveBayes()
    case .kNearestNeighbors: KNearestNeighbors()
    }
  }
}

extension Algorithm {
  public static let decisionTree = Algorithm(named: "DecisionTreeClassifier")
}

/// The hyper-parameters of a classification tree.
public struct DecisionTree: TreeGrowing {
  public static let algorithm = Algorithm.decisionTree

  public var parameters = TreeParameters(candidateFeatures: .all)
  /// How a node's split is searched. The default is best.
  public var splitter = Splitter.best
  /// The seed of the order in which features are tried, which settles splits that are equally good.
  public var seed: UInt32

  public init(seed: UInt32 = 42) { self.seed = seed }

  public static let allParameters: [Hyperparameter<Self>] =
    growthParameters + [
      Hyperparameter("random_state", \.seed), Hyperparameter("splitter", \.splitter),
    ]

  public func validateCombination() throws(ParameterError) {
    try parameters.classWeight.checkIsOfOneModel()
  }

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> TreeTensors {
    try TreeTensors(file, description, treeCount: 1)
  }
}

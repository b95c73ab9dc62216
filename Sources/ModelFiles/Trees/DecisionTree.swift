extension Algorithm {
  public static let decisionTree = Algorithm(named: "DecisionTreeClassifier")
}

/// The hyper-parameters of a classification tree.
public struct DecisionTree: HyperparameterSet {
  public static let algorithm = Algorithm.decisionTree

  public var parameters = TreeParameters(candidateFeatures: .all)
  /// How a node's split is searched. The default is best.
  public var splitter = Splitter.best
  /// The seed of the order in which features are tried, which settles splits that are equally good.
  public var seed: UInt32

  public init(seed: UInt32 = 42) { self.seed = seed }

  public var hyperparameters: [(name: String, value: HyperparameterValue)] {
    (parameters.named + [
      ("random_state", .integer(Int(seed))), ("splitter", .text(splitter.rawValue)),
    ]).sorted { $0.name < $1.name }
  }

  public mutating func set(
    _ name: String, to value: HyperparameterValue
  ) throws(ParameterError) {
    if try parameters.set(name, to: value) { return }
    switch name {
    case "random_state": seed = try Self.seed(value)
    case "splitter": splitter = try value.asChoice(name)
    default: throw unknownParameter(name)
    }
  }

  public func validate() throws(ParameterError) {
    try parameters.validate()
    if parameters.classWeight == .balancedSubsample {
      throw ParameterError(
        "class_weight", mustBe: "none, balanced or one weight per class for a single tree",
        was: parameters.classWeight.value)
    }
  }

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> TreeTensors {
    try TreeTensors(file, description, treeCount: 1)
  }
}

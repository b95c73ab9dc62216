extension Algorithm {
  public static let randomForest = Algorithm(named: "RandomForest")
}

/// The hyper-parameters of a random forest.
public struct RandomForest: TreeGrowing {
  public static let algorithm = Algorithm.randomForest
  /// The most rows that a tree may draw.
  package static let largestDrawCount = 1 << 26 - 1

  /// How many trees are grown. The default is 100.
  public var treeCount: Int
  public var parameters = TreeParameters(candidateFeatures: .squareRoot)
  /// Whether each tree sees rows drawn with replacement, or all rows. True by default.
  public var bootstrap = true
  /// How many rows each tree draws; as many as there are by default.
  public var drawnSamples: Amount?
  /// Whether each row is also predicted by the trees that did not draw it. False by default.
  public var scoresOutOfBag = false
  /// The seed of the trees' seeds.
  public var seed: UInt32

  public init(treeCount: Int = 100, seed: UInt32 = 42) {
    self.treeCount = treeCount
    self.seed = seed
  }

  public init(seed: UInt32) { self.init(treeCount: 100, seed: seed) }

  public static let allParameters: [Hyperparameter<Self>] =
    growthParameters + [
      Hyperparameter("bootstrap", \.bootstrap),
      Hyperparameter(
        "max_samples", \.drawnSamples,
        mustBe: "none, from 1 to \(largestDrawCount) rows, or a share above 0, at most 64"
      ) {
        $0?.isValid(count: { 1...largestDrawCount ~= $0 }, share: { $0 > 0 && $0 <= 64 }) ?? true
      },
      Hyperparameter("n_estimators", \.treeCount, mustBe: "at least 1") { $0 >= 1 },
      Hyperparameter("oob_score", \.scoresOutOfBag),
      Hyperparameter("random_state", \.seed),
    ]

  public func validateCombination() throws(ParameterError) {
    if bootstrap { return }
    guard !scoresOutOfBag else {
      throw ParameterError("oob_score", mustBe: "false without bootstrap", was: scoresOutOfBag)
    }
    if let drawnSamples {
      throw ParameterError(
        "max_samples", mustBe: "none without bootstrap", was: drawnSamples.hyperparameter)
    }
  }

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> TreeTensors {
    try TreeTensors(file, description, treeCount: treeCount)
  }
}

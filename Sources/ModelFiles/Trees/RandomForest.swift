extension Algorithm {
  public static let randomForest = Algorithm(named: "RandomForest")
}

/// The hyper-parameters of a random forest.
public struct RandomForest: HyperparameterSet {
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

  public var hyperparameters: [(name: String, value: HyperparameterValue)] {
    (parameters.named + [
      ("bootstrap", .boolean(bootstrap)),
      ("max_samples", drawnSamples?.value ?? .none),
      ("n_estimators", .integer(treeCount)),
      ("oob_score", .boolean(scoresOutOfBag)),
      ("random_state", .integer(Int(seed))),
    ]).sorted { $0.name < $1.name }
  }

  public mutating func set(
    _ name: String, to value: HyperparameterValue
  ) throws(ParameterError) {
    if try parameters.set(name, to: value) { return }
    switch name {
    case "bootstrap": bootstrap = try value.asBoolean(name)
    case "max_samples": drawnSamples = value == .none ? nil : try Amount(value, name: name)
    case "n_estimators": treeCount = try value.asInteger(name)
    case "oob_score": scoresOutOfBag = try value.asBoolean(name)
    case "random_state": seed = try Self.seed(value)
    default: throw unknownParameter(name)
    }
  }

  public func validate() throws(ParameterError) {
    try parameters.validate()
    guard treeCount >= 1 else {
      throw ParameterError("n_estimators", mustBe: "at least 1", was: treeCount)
    }
    guard bootstrap || !scoresOutOfBag else {
      throw ParameterError("oob_score", mustBe: "false without bootstrap", was: scoresOutOfBag)
    }
    guard let drawnSamples else { return }
    guard bootstrap else {
      throw ParameterError("max_samples", mustBe: "none without bootstrap", was: drawnSamples.value)
    }
    switch drawnSamples {
    case .count(let count) where !(1...Self.largestDrawCount).contains(count):
      throw ParameterError(
        "max_samples", mustBe: "from 1 to \(Self.largestDrawCount)", was: count)
    case .share(let share) where !(share > 0 && share.isFinite && share <= 64):
      throw ParameterError("max_samples", mustBe: "a share above 0, at most 64", was: share)
    default: break
    }
  }

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> TreeTensors {
    try TreeTensors(file, description, treeCount: treeCount)
  }
}

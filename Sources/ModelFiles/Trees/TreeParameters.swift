/// What a node's mixture of classes is measured by.
public enum Criterion: String, CaseIterable, Codable, Hashable, Sendable {
  case gini
  case entropy
  /// Another name for entropy.
  case logLoss = "log_loss"
}

/// How a node's split is searched.
public enum Splitter: String, CaseIterable, Codable, Hashable, Sendable {
  /// Tries every threshold of every candidate feature.
  case best
  /// Tries one random threshold of every candidate feature.
  case random
}

/// A number of samples, or a share of all of them.
public enum Amount: Hashable, Sendable {
  case count(Int)
  case share(Double)

  var value: HyperparameterValue {
    switch self {
    case .count(let count): .integer(count)
    case .share(let share): .real(share)
    }
  }

  init(_ value: HyperparameterValue, name: String) throws(ParameterError) {
    if case .integer(let count) = value {
      self = .count(count)
    } else {
      self = .share(try value.asReal(name))
    }
  }
}

/// How many features a node may look at.
public enum CandidateFeatures: Hashable, Sendable {
  case all
  case squareRoot
  case logarithm
  case amount(Amount)

  var value: HyperparameterValue {
    switch self {
    case .all: .none
    case .squareRoot: .text("sqrt")
    case .logarithm: .text("log2")
    case .amount(let amount): amount.value
    }
  }

  init(_ value: HyperparameterValue, name: String) throws(ParameterError) {
    switch value {
    case .none: self = .all
    case .text("sqrt"): self = .squareRoot
    case .text("log2"): self = .logarithm
    case .integer, .real: self = .amount(try Amount(value, name: name))
    default: throw ParameterError(name, mustBe: "sqrt, log2, none or a number", was: value)
    }
  }
}

/// What each class weighs.
public enum ClassWeight: Hashable, Sendable {
  case equal
  /// In inverse proportion to the class's frequency among the training rows.
  case balanced
  /// The same among each tree's own rows.
  case balancedSubsample
  /// One weight per class, in the order of the classes.
  case weights([Double])

  package var value: HyperparameterValue {
    switch self {
    case .equal: .none
    case .balanced: .text("balanced")
    case .balancedSubsample: .text("balanced_subsample")
    case .weights(let weights): .list(weights)
    }
  }

  init(_ value: HyperparameterValue, name: String) throws(ParameterError) {
    switch value {
    case .none: self = .equal
    case .text("balanced"): self = .balanced
    case .text("balanced_subsample"): self = .balancedSubsample
    case .list(let weights): self = .weights(weights)
    default:
      throw ParameterError(
        name, mustBe: "none, balanced, balanced_subsample or one weight per class", was: value)
    }
  }
}

/// The hyper-parameters that say how a tree grows; those of a single tree and of a forest's trees.
public struct TreeParameters: Hashable, Sendable {
  /// What a node's mixture of classes is measured by. The default is gini.
  public var criterion = Criterion.gini
  /// The depth limit; none by default.
  public var maximumDepth: Int?
  /// The fewest samples that a node must have to be split. The default is 2.
  public var minimumSplitSize = Amount.count(2)
  /// The fewest samples that a leaf may have. The default is 1.
  public var minimumLeafSize = Amount.count(1)
  /// The least share of all weight that a leaf may have. The default is 0.
  public var minimumLeafWeightShare = 0.0
  /// How many features a node looks at.
  public var candidateFeatures: CandidateFeatures
  /// The most leaves; the nodes that lower the impurity most are split first. No limit by default.
  public var maximumLeafCount: Int?
  /// The least weighted decrease of impurity that justifies a split. The default is 0.
  public var minimumImpurityDecrease = 0.0
  /// What a leaf costs when the grown tree is pruned. The default, 0, prunes nothing.
  public var pruningAlpha = 0.0
  /// What each class weighs. All the same by default.
  public var classWeight = ClassWeight.equal

  init(candidateFeatures: CandidateFeatures) { self.candidateFeatures = candidateFeatures }

  var named: [(name: String, value: HyperparameterValue)] {
    [
      ("ccp_alpha", .real(pruningAlpha)),
      ("class_weight", classWeight.value),
      ("criterion", .text(criterion.rawValue)),
      ("max_depth", maximumDepth.map { .integer($0) } ?? .none),
      ("max_features", candidateFeatures.value),
      ("max_leaf_nodes", maximumLeafCount.map { .integer($0) } ?? .none),
      ("min_impurity_decrease", .real(minimumImpurityDecrease)),
      ("min_samples_leaf", minimumLeafSize.value),
      ("min_samples_split", minimumSplitSize.value),
      ("min_weight_fraction_leaf", .real(minimumLeafWeightShare)),
    ]
  }

  /// Changes the parameter of that name; false when there is none.
  mutating func set(
    _ name: String, to value: HyperparameterValue
  ) throws(ParameterError) -> Bool {
    switch name {
    case "ccp_alpha": pruningAlpha = try value.asReal(name)
    case "class_weight": classWeight = try ClassWeight(value, name: name)
    case "criterion": criterion = try value.asChoice(name)
    case "max_depth": maximumDepth = value == .none ? nil : try value.asInteger(name)
    case "max_features": candidateFeatures = try CandidateFeatures(value, name: name)
    case "max_leaf_nodes": maximumLeafCount = value == .none ? nil : try value.asInteger(name)
    case "min_impurity_decrease": minimumImpurityDecrease = try value.asReal(name)
    case "min_samples_leaf": minimumLeafSize = try Amount(value, name: name)
    case "min_samples_split": minimumSplitSize = try Amount(value, name: name)
    case "min_weight_fraction_leaf": minimumLeafWeightShare = try value.asReal(name)
    default: return false
    }
    return true
  }

  func validate() throws(ParameterError) {
    if let depth = maximumDepth, depth < 1 {
      throw ParameterError("max_depth", mustBe: "none or at least 1", was: depth)
    }
    if let leaves = maximumLeafCount, leaves < 2 {
      throw ParameterError("max_leaf_nodes", mustBe: "none or at least 2", was: leaves)
    }
    switch minimumSplitSize {
    case .count(let count) where count < 2:
      throw ParameterError("min_samples_split", mustBe: "at least 2, or a share", was: count)
    case .share(let share) where !(share > 0 && share <= 1):
      throw ParameterError("min_samples_split", mustBe: "a share above 0, at most 1", was: share)
    default: break
    }
    switch minimumLeafSize {
    case .count(let count) where count < 1:
      throw ParameterError("min_samples_leaf", mustBe: "at least 1, or a share", was: count)
    case .share(let share) where !(share > 0 && share < 1):
      throw ParameterError("min_samples_leaf", mustBe: "a share above 0 and below 1", was: share)
    default: break
    }
    switch candidateFeatures {
    case .amount(.count(let count)) where count < 1:
      throw ParameterError("max_features", mustBe: "at least 1", was: count)
    case .amount(.share(let share)) where !(share > 0 && share <= 1):
      throw ParameterError("max_features", mustBe: "a share above 0, at most 1", was: share)
    default: break
    }
    guard minimumLeafWeightShare >= 0, minimumLeafWeightShare <= 0.5 else {
      throw ParameterError(
        "min_weight_fraction_leaf", mustBe: "from 0 to 0.5", was: minimumLeafWeightShare)
    }
    guard minimumImpurityDecrease >= 0, minimumImpurityDecrease.isFinite else {
      throw ParameterError(
        "min_impurity_decrease", mustBe: "at least 0", was: minimumImpurityDecrease)
    }
    guard pruningAlpha >= 0, pruningAlpha.isFinite else {
      throw ParameterError("ccp_alpha", mustBe: "at least 0", was: pruningAlpha)
    }
    if case .weights(let weights) = classWeight,
      !weights.allSatisfy({ $0.isFinite && $0 > 0 })
    {
      throw ParameterError("class_weight", mustBe: "numbers above 0", was: classWeight.value)
    }
  }
}

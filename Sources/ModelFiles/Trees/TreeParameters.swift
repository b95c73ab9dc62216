/// The measure of a node's impurity.
public enum Criterion: String, CaseIterable, Codable, HyperparameterConvertible {
  case gini
  case entropy
  /// Another name for entropy.
  case logLoss = "log_loss"
}

/// How a node's split is searched.
public enum Splitter: String, CaseIterable, Codable, HyperparameterConvertible {
  /// Tries every threshold of every candidate feature.
  case best
  /// Tries one random threshold of every candidate feature.
  case random
}

/// A number of samples, or a share of all of them.
public enum Amount: Hashable, HyperparameterConvertible {
  case count(Int)
  case share(Double)

  static let expected = "a number"

  init?(_ value: HyperparameterValue) {
    if let count = Int(value) {
      self = .count(count)
    } else {
      guard let share = Double(value) else { return nil }
      self = .share(share)
    }
  }

  var hyperparameter: HyperparameterValue {
    switch self {
    case .count(let count): .integer(count)
    case .share(let share): .real(share)
    }
  }

  func isValid(count isCount: (Int) -> Bool, share isShare: (Double) -> Bool) -> Bool {
    switch self {
    case .count(let count): isCount(count)
    case .share(let share): isShare(share)
    }
  }
}

/// The number of features tried per split.
public enum CandidateFeatures: Hashable, HyperparameterConvertible {
  case all
  case squareRoot
  case logarithm
  case amount(Amount)

  static let expected = "sqrt, log2, none or a number"

  init?(_ value: HyperparameterValue) {
    switch value {
    case .none: self = .all
    case .text("sqrt"): self = .squareRoot
    case .text("log2"): self = .logarithm
    default:
      guard let amount = Amount(value) else { return nil }
      self = .amount(amount)
    }
  }

  var hyperparameter: HyperparameterValue {
    switch self {
    case .all: .none
    case .squareRoot: .text("sqrt")
    case .logarithm: .text("log2")
    case .amount(let amount): amount.hyperparameter
    }
  }
}

/// The hyper-parameters of growing a tree, a single one or a forest's.
public struct TreeParameters: Hashable, Sendable {
  /// The measure of a node's impurity. The default is gini.
  public var criterion = Criterion.gini
  /// The depth limit; none by default.
  public var maximumDepth: Int?
  /// The fewest samples that a node must have to be split. The default is 2.
  public var minimumSplitSize = Amount.count(2)
  /// The fewest samples that a leaf may have. The default is 1.
  public var minimumLeafSize = Amount.count(1)
  /// The least share of all weight that a leaf may have. The default is 0.
  public var minimumLeafWeightShare = 0.0
  /// The number of features tried per split.
  public var candidateFeatures: CandidateFeatures
  /// The most leaves; the nodes with the largest decrease of impurity are split first. No limit by default.
  public var maximumLeafCount: Int?
  /// The least weighted decrease of impurity that justifies a split. The default is 0.
  public var minimumImpurityDecrease = 0.0
  /// The cost of a leaf in pruning. The default, 0, prunes nothing.
  public var pruningAlpha = 0.0
  /// The weights of the classes. The default is equal weights.
  public var classWeight = ClassWeight.equal

  init(candidateFeatures: CandidateFeatures) { self.candidateFeatures = candidateFeatures }
}

/// The hyper-parameters of an algorithm that grows trees.
protocol TreeGrowing: HyperparameterSet {
  var parameters: TreeParameters { get set }
}

extension TreeGrowing {
  /// Those of ``TreeParameters``.
  static var growthParameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("ccp_alpha", \.parameters.pruningAlpha, mustBe: "at least 0") {
        $0 >= 0 && $0.isFinite
      },
      Hyperparameter(
        "class_weight", \.parameters.classWeight, mustBe: ClassWeight.rule, \.isAboveZero),
      Hyperparameter("criterion", \.parameters.criterion),
      Hyperparameter("max_depth", \.parameters.maximumDepth, mustBe: "none or at least 1") {
        $0 ?? 1 >= 1
      },
      Hyperparameter(
        "max_features", \.parameters.candidateFeatures,
        mustBe: "sqrt, log2, none, at least 1, or a share above 0, at most 1"
      ) {
        guard case .amount(let amount) = $0 else { return true }
        return amount.isValid(count: { $0 >= 1 }, share: { $0 > 0 && $0 <= 1 })
      },
      Hyperparameter("max_leaf_nodes", \.parameters.maximumLeafCount, mustBe: "none or at least 2")
      {
        $0 ?? 2 >= 2
      },
      Hyperparameter(
        "min_impurity_decrease", \.parameters.minimumImpurityDecrease, mustBe: "at least 0"
      ) {
        $0 >= 0 && $0.isFinite
      },
      Hyperparameter(
        "min_samples_leaf", \.parameters.minimumLeafSize,
        mustBe: "at least 1, or a share above 0 and below 1"
      ) { $0.isValid(count: { $0 >= 1 }, share: { $0 > 0 && $0 < 1 }) },
      Hyperparameter(
        "min_samples_split", \.parameters.minimumSplitSize,
        mustBe: "at least 2, or a share above 0, at most 1"
      ) { $0.isValid(count: { $0 >= 2 }, share: { $0 > 0 && $0 <= 1 }) },
      Hyperparameter(
        "min_weight_fraction_leaf", \.parameters.minimumLeafWeightShare, mustBe: "from 0 to 0.5"
      ) { 0...0.5 ~= $0 },
    ]
  }
}

/// The weights of the classes.
public enum ClassWeight: Hashable, HyperparameterConvertible {
  case equal
  /// In inverse proportion to the class's frequency among the training rows.
  case balanced
  /// The same among each tree's own rows.
  case balancedSubsample
  /// One weight per class, in the order of the classes.
  case weights([Double])

  static let expected = "none, balanced, balanced_subsample or one weight per class"

  init?(_ value: HyperparameterValue) {
    switch value {
    case .none: self = .equal
    case .text("balanced"): self = .balanced
    case .text("balanced_subsample"): self = .balancedSubsample
    case .list(let weights): self = .weights(weights)
    default: return nil
    }
  }

  package var hyperparameter: HyperparameterValue {
    switch self {
    case .equal: .none
    case .balanced: .text("balanced")
    case .balancedSubsample: .text("balanced_subsample")
    case .weights(let weights): .list(weights)
    }
  }

  /// What weights must be, and whether they are.
  static let rule = "numbers above 0"
  var isAboveZero: Bool {
    guard case .weights(let weights) = self else { return true }
    return weights.allSatisfy { $0 > 0 && $0.isFinite }
  }

  /// Refuses what only a forest has: weights among each tree's own rows.
  func checkIsOfOneModel() throws(ParameterError) {
    guard self != .balancedSubsample else {
      throw ParameterError(
        "class_weight", mustBe: "none, balanced or one weight per class for a single model",
        was: hyperparameter)
    }
  }
}

/// The numbers that a model is judged by, under the keys they are recorded as.
public enum Metric: String, CaseIterable, Codable, Hashable, Sendable {
  case accuracy
  case precision
  case recall
  case f1
  case balancedAccuracy = "balanced_accuracy"
  case matthewsCorrelation = "mcc"
  case cohenKappa = "cohen_kappa"
  case rocAUC = "roc_auc"
  case logLoss = "log_loss"
  case weightedPrecision = "precision_weighted"
  case weightedRecall = "recall_weighted"
  case weightedF1 = "f1_weighted"

  /// Whether a larger value is a better one.
  public var higherIsBetter: Bool { self != .logLoss }

  /// Whether it says something new only beyond two classes.
  public var isForManyClasses: Bool {
    switch self {
    case .weightedPrecision, .weightedRecall, .weightedF1: true
    default: false
    }
  }

  public var title: String {
    switch self {
    case .accuracy: "Accuracy"
    case .precision: "Precision"
    case .recall: "Recall"
    case .f1: "F1"
    case .balancedAccuracy: "Balanced acc."
    case .matthewsCorrelation: "MCC"
    case .cohenKappa: "Kappa"
    case .rocAUC: "ROC AUC"
    case .logLoss: "Log loss"
    case .weightedPrecision: "Precision (w.)"
    case .weightedRecall: "Recall (w.)"
    case .weightedF1: "F1 (w.)"
    }
  }
}

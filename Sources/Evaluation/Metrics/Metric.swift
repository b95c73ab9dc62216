/// The numbers that a model is judged by, under the keys they are recorded as.
public enum Metric: String, CaseIterable, Codable, Hashable, Sendable {
  case accuracy
  case precision
  case recall
  case f1
  /// The mean recall of the classes that occur.
  case balancedAccuracy = "balanced_accuracy"
  /// - SeeAlso: Gorodkin, "Comparing two K-category assignments by a K-category correlation
  ///   coefficient", 2004, doi:10.1016/j.compbiolchem.2004.09.006.
  case matthewsCorrelation = "mcc"
  /// - SeeAlso: Cohen, "A coefficient of agreement for nominal scales", 1960,
  ///   doi:10.1177/001316446002000104.
  case cohenKappa = "cohen_kappa"
  /// The area under the ROC curve, beyond two classes the mean over the classes.
  case rocAUC = "roc_auc"
  /// The mean negative logarithm of the probability given to the true class.
  case logLoss = "log_loss"
  case weightedPrecision = "precision_weighted"
  case weightedRecall = "recall_weighted"
  case weightedF1 = "f1_weighted"
  /// The mean cost of the samples, where mistakes have costs: see ``MistakeCosts``.
  case cost

  /// Whether a larger value is a better one.
  public var higherIsBetter: Bool { self != .logLoss && self != .cost }

  /// Whether it says something new only beyond two classes.
  public var isForManyClasses: Bool {
    switch self {
    case .weightedPrecision, .weightedRecall, .weightedF1: true
    default: false
    }
  }

  /// The metrics that say something about that many classes, whatever mistakes cost.
  public static func shown(classCount: Int) -> [Metric] {
    allCases.filter { $0 != .cost && (classCount > 2 || !$0.isForManyClasses) }
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
    case .cost: "Cost per row"
    }
  }
}

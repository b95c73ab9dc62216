import Classifiers
import Comparison
import Evaluation
import SavedModels

/// Everything that a run's report says, as values.
///
/// What a run does not have is `nil` or empty; the page then leaves the part out.
struct ReportContent: Sendable {
  var title: String
  var answer: Answer
  /// The metric that models are ranked by, of which folds and learning curves are shown.
  var ranking: Metric
  /// The classes in the order of their indices.
  var classNames: [String]
  /// The features in the order of the importances.
  var featureNames: [String]
  var metrics: [Metric]
  /// The models in the order of the table.
  var models: [ModelContent]
  /// What the most frequent class alone would reach.
  var baseline: (name: String, values: [MetricValue])?
  /// How many rows the models are judged on.
  var testRowCount: Int
  var statistics: SplitStatistics?
  var folds: CrossValidationResult?
  /// The splits of other seeds.
  var divisions: RepeatedSplitsResult?
  var data: DataSummary?
  /// How many rows were dropped because their label is missing.
  var droppedRowCount = 0
  /// How many more rows were dropped because a feature is missing.
  var incompleteRowCount = 0
  /// What is better known about the data, the worst first.
  var findings: [DataFinding] = []
  /// How rows were divided, in sentences without their last point; none where that was row by row.
  var division: [String] = []
  /// How much classes and features differ from the training rows; none for a run.
  var drift: [DistributionDrift] = []
  /// The command as it can be typed.
  var command: String?
  /// What the run was made with, under names such as the seed or a checksum.
  var facts: [(name: String, value: String)]

  /// Whether there are too many classes to draw and list each.
  var hasManyClasses: Bool { classNames.count > ConfusionMatrix.fullLimit }

  /// For two classes the second is the one that curves and precision are about.
  var positiveClass: String? { classNames.count == 2 ? classNames[1] : nil }

  /// The style of a model, by its name.
  func style(of model: String) -> SeriesStyle {
    models.first { $0.name == model }?.style ?? SeriesStyle(7)
  }
}

/// Several runs side by side, as values.
struct RunsContent: Sendable {
  struct Run: Sendable {
    /// A name that no other of the runs has.
    var name: String
    /// How the run's marks look in every chart.
    var style: SeriesStyle
    var command: String?
    /// What the run was made with; every run has the same names in the same order.
    var facts: [(name: String, value: String)]
    var models: [ModelContent]
  }

  var title: String
  var answer: Answer
  /// The class that metrics are about where there are two.
  var positiveClass: String?
  var metrics: [Metric]
  var drawnMetrics: [Metric]
  /// The first is what the others are compared with.
  var runs: [Run]

  /// Every model's name once, in the order in which the runs name them.
  var modelNames: [String] {
    var names: [String] = []
    for model in runs.flatMap(\.models) where !names.contains(model.name) {
      names.append(model.name)
    }
    return names
  }
}

/// The answer first: one sentence, and what it rests on.
struct Answer: Hashable, Sendable {
  /// Which model is best by which metric.
  var sentence: String
  /// How sure that is, and what to know before relying on it.
  var remarks: [String]
}

/// A metric's value, with its 95 % interval where one was computed.
struct MetricValue: Hashable, Sendable {
  var value: Double?
  var interval: ClosedRange<Double>?

  init(_ value: Double?, interval: ClosedRange<Double>? = nil) {
    self.value = value
    self.interval = interval
  }

  init(_ value: Double?, _ interval: MetricInterval?) {
    self.init(
      value, interval: interval?.interval.map { $0.lower...max($0.lower, $0.upper) })
  }
}

/// One model's results.
struct ModelContent: Sendable {
  var name: String
  /// How the model's marks look in every chart.
  var style: SeriesStyle
  /// A value for each of the report's metrics.
  var values: [MetricValue]
  /// `nil` for a saved model, which is not fitted; the same of predicting.
  var fitSeconds: Double?
  var predictSeconds: Double?
  var hyperparameters: [(name: String, value: String)] = []
  /// `confusion[actual][predicted]` over the test rows.
  var confusion: [[Int]] = []
  /// For two classes one set about the second; for more, one per class against the rest.
  var curves: [ClassCurves] = []
  /// Of the second of two classes; beyond two, of the predicted class.
  var calibration: CalibrationCurve?
  /// Scikit-learn's: of two classes that of the second; beyond two, the sum over the classes.
  var brierScore: Double?
  /// The threshold that rows were predicted by, where mistakes have costs.
  var threshold: CostThreshold?
  /// Scores on the test rows by the number of rows learnt from.
  var learningCurve: [(rows: Int, score: Double)] = []
  /// Which points are missing, and why.
  var learningCurveNotice: String?
  /// The loss by rounds, of models that learn in rounds.
  var lossCurve: LossCurve?
  /// Each feature's share in the decrease of impurity.
  var impurityImportances: [Double]?
  /// By how much accuracy falls when a feature's values are shuffled, and that mean's standard
  /// error.
  var permutationImportances: [(mean: Double, standardError: Double)]?
  /// How often features were shuffled for them, and how many test rows took part.
  var permutation: (repeats: Int, rows: Int)?
  /// Those of a linear model.
  var coefficients: [Coefficient] = []
  /// What there is to know of how the model was fitted.
  var notice: String?
  /// The page of this model's experiment.
  var experimentLink: String?

  /// The model's line in a legend.
  func entry(_ value: String? = nil) -> Figure.Entry {
    Figure.Entry(style: style, name: name, value: value)
  }
}

/// The threshold curves of one class against the others.
struct ClassCurves: Sendable {
  var className: String
  /// False positive rate to the right, true positive rate upwards.
  var roc: [Point]
  var area: Double
  /// Recall to the right, precision upwards.
  var precisionRecall: [Point]
  var averagePrecision: Double
  /// The share of the class among the rows, which is the precision of guessing.
  var prevalence: Double
}

extension Metric {
  /// What the metric means, in a sentence.
  ///
  /// - Parameter positive: the class that it is about where there are two.
  func explanation(positive: String?) -> String {
    let mean = positive == nil ? ", the plain mean over the classes" : ""
    let this = positive.map { "“\($0)”" } ?? "a class"
    return switch self {
    case .accuracy: "The share of rows that are predicted correctly."
    case .precision: "Of the rows predicted as \(this), the share that is\(mean)."
    case .recall: "Of the rows that are \(this), the share that is found\(mean)."
    case .f1: "The harmonic mean of precision and recall\(mean)."
    case .balancedAccuracy: "The mean recall of the classes: each class counts the same."
    case .matthewsCorrelation:
      "Matthews' correlation of actual and predicted classes: 1 is perfect, 0 is guessing."
    case .cohenKappa: "Cohen's kappa: agreement beyond chance; 1 is perfect, 0 is guessing."
    case .rocAUC:
      "The chance that a row of \(this) gets a higher probability of it than another row\(mean)."
    case .logLoss:
      "The mean negative logarithm of the probability given to the actual class; 0 is perfect."
    case .weightedPrecision: "Precision, the mean over the classes weighted by their sizes."
    case .weightedRecall: "Recall, the mean over the classes weighted by their sizes."
    case .cost:
      "What the mistakes cost, divided by the number of rows: the costs of --cost, and 1 for others."
    case .weightedF1: "F1, the mean over the classes weighted by their sizes."
    }
  }
}

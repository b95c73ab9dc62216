/// Everything that a run's report says, as values.
///
/// What a run does not have is `nil` or empty; the page then leaves the part out, or says why it is
/// missing where a reader would look for it.
public struct ReportContent: Sendable {
  public var title: String
  public var answer: Answer
  /// The classes in the order of their indices.
  public var classNames: [String]
  /// The features in the order of the importances.
  public var featureNames: [String]
  public var metrics: [MetricColumn]
  /// The models in the order of the table; a model's place decides its colour.
  public var models: [ModelContent]
  /// What the most frequent class alone would reach.
  public var baseline: BaselineRow?
  /// How many rows the models are judged on.
  public var testRowCount: Int
  public var pairTests: PairTestContent?
  public var folds: FoldContent?
  public var learningCurve: LearningContent?
  public var data: DataContent?
  public var permutation: PermutationSettings?
  public var provenance: Provenance

  public init(
    title: String, answer: Answer, classNames: [String], featureNames: [String],
    metrics: [MetricColumn], models: [ModelContent], testRowCount: Int, provenance: Provenance
  ) {
    self.title = title
    self.answer = answer
    self.classNames = classNames
    self.featureNames = featureNames
    self.metrics = metrics
    self.models = models
    self.testRowCount = testRowCount
    self.provenance = provenance
  }

  /// For two classes the second is the one that curves and precision are about.
  public var positiveClass: String? { classNames.count == 2 ? classNames[1] : nil }
}

/// The answer first: one sentence, and what it rests on.
public struct Answer: Hashable, Sendable {
  /// Which model is best by which metric.
  public var sentence: String
  /// How sure that is, and what to know before relying on it.
  public var remarks: [String]

  public init(sentence: String, remarks: [String]) {
    self.sentence = sentence
    self.remarks = remarks
  }
}

/// A column of the comparison table.
public struct MetricColumn: Hashable, Sendable {
  public var key: String
  public var title: String
  /// What the number means, in a sentence.
  public var explanation: String
  public var higherIsBetter: Bool

  public init(key: String, title: String, explanation: String, higherIsBetter: Bool) {
    self.key = key
    self.title = title
    self.explanation = explanation
    self.higherIsBetter = higherIsBetter
  }
}

/// A metric's value, with its 95 % interval where one was computed.
public struct MetricValue: Hashable, Sendable {
  public var value: Double?
  public var interval: ClosedRange<Double>?

  public init(_ value: Double?, interval: ClosedRange<Double>? = nil) {
    self.value = value
    self.interval = interval
  }
}

/// One model's results.
public struct ModelContent: Sendable {
  public var name: String
  /// A value for each of the report's metrics.
  public var values: [MetricValue]
  public var fitSeconds: Double
  public var predictSeconds: Double
  public var hyperparameters: [(name: String, value: String)] = []
  /// `confusion[actual][predicted]` over the test rows.
  public var confusion: [[Int]] = []
  /// For two classes one set about the second; for more, one per class against the rest.
  public var curves: [ClassCurves] = []
  public var calibration: CalibrationContent?
  /// Each feature's share in the decrease of impurity.
  public var impurityImportances: [Double]?
  /// By how much accuracy falls when a feature's values are shuffled, and that mean's standard error.
  public var permutationImportances: [(mean: Double, standardError: Double)]?
  /// The page of this model's experiment.
  public var experimentLink: String?

  public init(name: String, values: [MetricValue], fitSeconds: Double, predictSeconds: Double) {
    self.name = name
    self.values = values
    self.fitSeconds = fitSeconds
    self.predictSeconds = predictSeconds
  }
}

/// The threshold curves of one class against the others.
public struct ClassCurves: Sendable {
  public var className: String
  /// False positive rate to the right, true positive rate upwards.
  public var roc: [Point]
  public var area: Double
  /// Recall to the right, precision upwards.
  public var precisionRecall: [Point]
  public var averagePrecision: Double
  /// The share of the class among the rows, which is the precision of guessing.
  public var prevalence: Double

  public init(
    className: String, roc: [Point], area: Double, precisionRecall: [Point],
    averagePrecision: Double, prevalence: Double
  ) {
    self.className = className
    self.roc = roc
    self.area = area
    self.precisionRecall = precisionRecall
    self.averagePrecision = averagePrecision
    self.prevalence = prevalence
  }
}

/// How far probabilities can be taken at their word.
public struct CalibrationContent: Sendable {
  public struct Bin: Hashable, Sendable {
    public var meanProbability: Double
    public var observedShare: Double
    public var count: Int

    public init(meanProbability: Double, observedShare: Double, count: Int) {
      self.meanProbability = meanProbability
      self.observedShare = observedShare
      self.count = count
    }
  }

  public var bins: [Bin]
  /// The mean distance of the two shares, weighted by the bins' rows.
  public var expectedError: Double
  /// The mean squared distance of the probabilities from the truth.
  public var brierScore: Double

  public init(bins: [Bin], expectedError: Double, brierScore: Double) {
    self.bins = bins
    self.expectedError = expectedError
    self.brierScore = brierScore
  }
}

/// What always answering with the most frequent class would reach.
public struct BaselineRow: Hashable, Sendable {
  public var name: String
  public var values: [MetricValue]

  public init(name: String, values: [MetricValue]) {
    self.name = name
    self.values = values
  }
}

/// How permutation importances were computed.
public struct PermutationSettings: Hashable, Sendable {
  public var repeatCount: Int
  public var rowCount: Int

  public init(repeatCount: Int, rowCount: Int) {
    self.repeatCount = repeatCount
    self.rowCount = rowCount
  }
}

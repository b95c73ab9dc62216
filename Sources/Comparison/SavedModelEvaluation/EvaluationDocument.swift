public import Evaluation
import JSON
import LinearAlgebra
import ModelFiles
public import SavedModels

/// What `evaluation.json` says; `docs/evaluation.schema.json` describes it.
public struct EvaluationDocument: Encodable, Hashable, Sendable {
  public static let fileName = "evaluation.json"

  public let model: ModelPart
  public let data: DataPart
  /// The classes in the order of their indices.
  public let classes: [String]
  public let metrics: ClassificationReport
  /// `nil` without rows.
  public let brierScore: Double?
  /// How sure the metrics are, and whether the model makes fewer mistakes than the baseline.
  public let statistics: SplitStatistics
  public let baseline: BaselinePart
  public let drift: Drift
  /// What was required.
  public let requirements: [Requirement]
  public let versions: [String: String]

  private enum CodingKeys: String, CodingKey {
    case model, data, classes, metrics, statistics, baseline, drift, requirements, versions
    case brierScore = "brier_score"
  }

  /// The model, as its file describes it.
  public struct ModelPart: Encodable, Hashable, Sendable {
    public let name: String
    /// The SHA-256 of the model's file.
    public let sha256: String
    public let trainingFile: String
    public let trainingSHA256: String
    public let seed: UInt32
    public let programVersion: String
    /// From which probability on the second of two classes is predicted; `nil` where the most probable class is.
    public let threshold: Double?
    /// How many rows it was fitted again on; `nil` where it learned from its run's training rows.
    public let refittedRows: Int?
    /// Its metrics on the test rows of its run, or those of its twin.
    public let validationMetrics: [String: Double]

    init(_ model: ModelDescription, sha256: String) {
      name = model.algorithm.rawValue
      self.sha256 = sha256
      trainingFile = model.training.fileName
      trainingSHA256 = model.training.sha256
      seed = model.training.seed
      programVersion = model.programVersion
      threshold = model.threshold?.value
      refittedRows = model.refit?.rowCount
      validationMetrics = model.validationMetrics
    }

    private enum CodingKeys: String, CodingKey {
      case name, sha256, seed
      case trainingFile = "data_file"
      case trainingSHA256 = "data_sha256"
      case programVersion = "program_version"
      case threshold = "decision_threshold"
      case refittedRows = "refitted_rows"
      case validationMetrics = "validation_metrics"
    }
  }

  /// The table that the model was judged on.
  public struct DataPart: Encodable, Hashable, Sendable {
    /// The file's name without its folder.
    public let file: String
    public let sha256: String
    public let rows: Int
    /// How many rows were dropped because their label is missing.
    public let droppedRows: Int
    public let target: String
    /// Whether it is the very file that the model learned from.
    public let hasTrainingRows: Bool

    private enum CodingKeys: String, CodingKey {
      case file, sha256, rows, target
      case droppedRows = "dropped_rows"
      case hasTrainingRows = "has_training_rows"
    }
  }

  /// What always predicting the most frequent class of the training rows scores on the same rows.
  public struct BaselinePart: Encodable, Hashable, Sendable {
    public let className: String
    public let metrics: ClassificationReport

    /// - Parameter training: the share of each class in the training rows.
    init(_ scored: ScoredPredictions, training: [Double]) {
      let label = training.indices.reduce(0) { training[$1] > training[$0] ? $1 : $0 }
      var shares = Matrix(rowCount: scored.actual.count, columnCount: training.count)
      for row in scored.actual.indices { shares[row, label] = 1 }
      className = scored.classNames[label]
      metrics =
        ClassificationReport(
          actual: scored.actual, predicted: scored.actual.map { _ in label }, probabilities: shares,
          classNames: scored.classNames
        ).shown
    }

    private enum CodingKeys: String, CodingKey {
      case metrics
      case className = "class"
    }
  }

  /// How much the rows differ from the training rows.
  public struct Drift: Encodable, Hashable, Sendable {
    /// In the order of the model's columns.
    public let features: [DistributionDrift]
    /// Of the actual and of the predicted classes, both against the actual ones of the training rows.
    public let actual: DistributionDrift
    public let predicted: DistributionDrift

    init(
      features: [DistributionDrift], _ scored: ScoredPredictions, training: CategoryDistribution
    ) {
      self.features = features
      actual = training.drift("actual class", counts: scored.report.confusionMatrix.actualCounts)
      predicted = training.drift(
        "predicted class", counts: scored.report.confusionMatrix.predictedCounts)
    }
  }

  /// What was required of a metric, and what became of it.
  public struct Requirement: Encodable, Hashable, Sendable {
    public let metric: Metric
    public let required: Double
    /// `nil` where the metric is not defined.
    public let value: Double?
    /// Why it is not met; `nil` where it is.
    public let problem: String?

    init(_ limit: PromotionRule.Limit, _ values: MetricValues<Double>) {
      metric = limit.metric
      required = limit.value
      value = values[limit.metric]
      problem = limit.unmet(by: values)
    }

    private enum CodingKeys: String, CodingKey {
      case metric, required, value, problem
      case isMet = "met"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(metric, forKey: .metric)
      try container.encode(required, forKey: .required)
      try container.encode(value, forKey: .value)
      try container.encode(problem == nil, forKey: .isMet)
      try container.encodeIfPresent(problem, forKey: .problem)
    }
  }
}

/// Written with a bin's name and shares side by side.
extension DistributionDrift: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, bins, training, evaluated, verdict
    case index = "stability_index"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(index, forKey: .index)
    try container.encode(verdict.rawValue, forKey: .verdict)
    try container.encode(binNames, forKey: .bins)
    try container.encode(trainingShares, forKey: .training)
    try container.encode(shares, forKey: .evaluated)
  }
}

public import Classifiers
public import Evaluation
import JSON

/// What `comparison.json` says; `docs/comparison.schema.json` describes it.
public struct ComparisonDocument: Codable, Hashable, Sendable {
  public let seed: UInt32
  public let data: DataPart
  public let models: [ModelPart]
  /// What the most frequent class alone would score.
  public var baseline: BaselinePart?
  /// How sure the numbers of the test rows are; `nil` where it was not asked for.
  public var statistics: SplitStatistics?
  /// The folds, where they were asked for.
  public var crossValidation: CrossValidationResult?
  /// What a time budget kept from being done.
  public var leftOut: [String]?
  public let versions: [String: String]
  /// What only the report shows, where there is one; it has a file of its own.
  public var reportData: ReportData?

  init(_ run: PreparedRun, _ models: [EvaluatedModel]) {
    seed = run.request.seed
    data = DataPart(
      file: run.table.fileName, sha256: run.table.sha256, rows: run.table.rowCount,
      features: run.data.training.featureNames, classes: run.data.training.classNames)
    self.models = models.map(ModelPart.init)
    baseline = BaselinePart(run.baseline)
    versions = ["compare-models": ProgramVersion.current]
  }

  private enum CodingKeys: String, CodingKey {
    case seed, data, models, baseline, statistics, versions
    case crossValidation = "cross_validation"
    case leftOut = "left_out"
  }

  public static let fileName = "comparison.json"

  /// The document as JSON with sorted keys.
  public func json() throws -> [UInt8] { try JSONDocument.encode(self) }

  public struct DataPart: Codable, Hashable, Sendable {
    public let file: String
    public let sha256: String
    public let rows: Int
    public let features: [String]
    public let classes: [String]
  }

  public struct ModelPart: Codable, Hashable, Sendable {
    public let name: String
    public let hyperparameters: [String: HyperparameterValue]
    public let fitSeconds: Double
    public let predictSeconds: Double
    public let train: MetricsPart
    public let validate: MetricsPart
    public let outOfBagScore: Double?

    init(_ run: EvaluatedModel) {
      name = run.name
      hyperparameters = Dictionary(uniqueKeysWithValues: run.hyperparameters.map { ($0, $1) })
      fitSeconds = run.fitSeconds
      predictSeconds = run.predictSeconds
      train = MetricsPart(run.training)
      validate = MetricsPart(run.validation)
      outOfBagScore = run.outOfBagScore
    }

    private enum CodingKeys: String, CodingKey {
      case name, hyperparameters, train, validate
      case fitSeconds = "fit_seconds"
      case predictSeconds = "predict_seconds"
      case outOfBagScore = "oob_score"
    }
  }

  public struct BaselinePart: Codable, Hashable, Sendable {
    public let strategy: String
    /// The class that is always predicted.
    public let `class`: String
    public let train: MetricsPart
    public let validate: MetricsPart

    public init(_ baseline: Baseline) {
      strategy = "most_frequent"
      self.class = baseline.className
      train = MetricsPart(baseline.training)
      validate = MetricsPart(baseline.validation)
    }
  }

  /// The metrics under their keys, null where they are not defined, and the confusion matrix.
  public struct MetricsPart: Codable, Hashable, Sendable {
    public let values: MetricValues<Double>
    /// `confusionMatrix[i][j]`: how many rows of class `i` were predicted to be of class `j`.
    public let confusionMatrix: [[Int]]

    init(_ report: ClassificationReport) {
      values = MetricValues(report)
      confusionMatrix = report.confusionMatrix.counts
    }

    public init(from decoder: any Decoder) throws {
      values = try MetricValues(from: decoder)
      confusionMatrix = try decoder.container(keyedBy: ConfusionMatrixKey.self)
        .decode([[Int]].self, forKey: .confusionMatrix)
    }

    public func encode(to encoder: any Encoder) throws {
      try values.encode(
        to: encoder, nullFor: Metric.shown(classCount: confusionMatrix.count))
      var container = encoder.container(keyedBy: ConfusionMatrixKey.self)
      try container.encode(confusionMatrix, forKey: .confusionMatrix)
    }

    private enum ConfusionMatrixKey: String, CodingKey {
      case confusionMatrix = "confusion_matrix"
    }
  }
}

extension Metric {
  /// The metrics that say something about that many classes.
  public static func shown(classCount: Int) -> [Metric] {
    allCases.filter { classCount > 2 || !$0.isForManyClasses }
  }
}

extension MetricValues<Double> {
  /// The metrics that say something about the report's classes, as far as they are defined.
  init(_ report: ClassificationReport) {
    self.init()
    for metric in Metric.shown(classCount: report.confusionMatrix.classCount) {
      self[metric] = report[metric]
    }
  }
}

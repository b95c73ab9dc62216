public import Classifiers
public import Evaluation
import JSON
import LinearAlgebra

/// What `comparison.json` says; `docs/comparison.schema.json` describes it.
public struct ComparisonDocument: Codable, Hashable, Sendable {
  public let seed: UInt32
  public let data: DataPart
  /// What is better known about the data before the scores are believed, the worst first; `nil` for nothing.
  public var dataFindings: [DataFinding]?
  public let models: [ModelPart]
  /// Of how many candidates of a sweep the only model is the best, by rows among which its test rows are;
  /// `nil` for a run that no sweep has chosen.
  public var chosenFrom: Int?
  /// What the most frequent class alone would score.
  public var baseline: Baseline?
  /// How sure the numbers of the test rows are; `nil` where it was not asked for.
  public var statistics: SplitStatistics?
  /// The folds, where they were asked for.
  public var crossValidation: CrossValidationResult?
  /// The splits of other seeds, where they were asked for.
  public var repeatedSplits: RepeatedSplitsResult?
  /// What a time budget kept from being done.
  public var leftOut: [String]?
  public let versions: [String: String]
  /// What only the report shows, where there is one; it has a file of its own.
  public var reportData: ReportData?

  init(_ run: PreparedRun, _ models: [EvaluatedModel]) {
    seed = run.request.seed
    data = DataPart(
      file: run.table.fileName, sha256: run.table.sha256,
      rows: run.table.testFile?.firstRow ?? run.table.rowCount,
      features: run.data.training.featureNames,
      columns: run.data.encoding == .oneHot ? run.data.columnNames : nil,
      classes: run.data.training.classNames,
      nameColumns: run.data.encoders.map(\.column), droppedRows: run.table.droppedRowCount,
      incompleteRows: run.table.incompleteRowCount > 0 ? run.table.incompleteRowCount : nil,
      division: RowDivision(run.data, of: run.table))
    dataFindings = run.findings.isEmpty ? nil : run.findings
    self.models = models.map(ModelPart.init)
    baseline = run.baseline
    chosenFrom = run.request.chosenFrom
    versions = ["compare-models": ProgramVersion.current, "OpenBLAS": BLAS.version]
  }

  private enum CodingKeys: String, CodingKey {
    case seed, data, models, baseline, statistics, versions
    case crossValidation = "cross_validation"
    case repeatedSplits = "divisions"
    case dataFindings = "data_findings"
    case chosenFrom = "chosen_from"
    case leftOut = "left_out"
  }

  public static let fileName = "comparison.json"

  /// What models are ranked by: their means over the folds of the training rows where there are
  /// folds, and only without them what they score on the test rows. Who wins by the folds is then
  /// looked at on rows that had no part in the choice.
  ///
  /// - Returns: the value of each model; `nil` where the metric is not defined.
  package func scores(by metric: Metric) -> (values: [Double?], areOfFolds: Bool) {
    let folds = models.map { model in
      crossValidation?.models.first { $0.name == model.name }?.mean[metric]
    }
    guard folds.allSatisfy({ $0 == nil }) else { return (folds, true) }
    return (models.map { $0.validate.values[metric] }, false)
  }

  /// The places of the models, best first; those for which the metric is not defined come last, and
  /// equal ones keep their order.
  package func ranking(by metric: Metric) -> [Int] {
    let ranks = scores(by: metric).values.map { value in
      value.map { metric.higherIsBetter ? -$0 : $0 } ?? .infinity
    }
    return ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
  }

  /// The model that is ranked first, and its value of the metric on the test rows; `nil` where the
  /// metric is not defined for it.
  public func winner(by metric: Metric) -> (model: ModelPart, value: Double)? {
    guard let model = ranking(by: metric).first.map({ models[$0] }),
      let value = model.validate.values[metric]
    else { return nil }
    return (model, value)
  }

  /// The document as JSON with sorted keys.
  public func json() throws -> [UInt8] { try JSONDocument.encode(self) }

  public struct DataPart: Codable, Hashable, Sendable {
    public let file: String
    public let sha256: String
    public let rows: Int
    public let features: [String]
    /// The columns of the features where names are encoded one-hot; `nil` where each column is a feature.
    public var columns: [String]?
    public let classes: [String]
    /// The features that were taken as names; `nil` in documents of earlier versions, as is the next.
    public let nameColumns: [String]?
    /// How many rows were dropped because their label is missing.
    public let droppedRows: Int?
    /// How many more rows were dropped because a feature is missing; `nil` for none.
    public let incompleteRows: Int?
    /// How rows were divided; `nil` where that was row by row.
    public var division: RowDivision?

    /// The SHA-256 of the file that the test rows are of.
    public var judgedSHA256: String { division?.testData?.sha256 ?? sha256 }

    private enum CodingKeys: String, CodingKey {
      case file, sha256, rows, features, columns, classes, division
      case nameColumns = "name_columns"
      case droppedRows = "dropped_rows"
      case incompleteRows = "incomplete_rows"
    }
  }

  public struct ModelPart: Codable, Hashable, Sendable {
    public let name: String
    public let hyperparameters: [String: HyperparameterValue]
    public let fitSeconds: Double
    public let predictSeconds: Double
    public let train: ClassificationReport
    public let validate: ClassificationReport
    public let outOfBagScore: Double?
    /// The threshold that labels were predicted by, where mistakes have costs.
    public let threshold: CostThreshold?

    init(_ run: EvaluatedModel) {
      name = run.name
      hyperparameters = Dictionary(uniqueKeysWithValues: run.hyperparameters.map { ($0, $1) })
      fitSeconds = run.fitSeconds
      predictSeconds = run.predictSeconds
      train = run.training.shown
      validate = run.validation.shown
      outOfBagScore = run.outOfBagScore
      threshold = run.threshold
    }

    private enum CodingKeys: String, CodingKey {
      case name, hyperparameters, train, validate, threshold
      case fitSeconds = "fit_seconds"
      case predictSeconds = "predict_seconds"
      case outOfBagScore = "oob_score"
    }
  }
}

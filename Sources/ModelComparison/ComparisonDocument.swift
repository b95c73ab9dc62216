import Classifiers
public import Datasets
import Evaluation

/// What `comparison.json` says; `docs/comparison.schema.json` describes it.
public struct ComparisonDocument: Encodable, Sendable {
  let seed: UInt32
  let data: DataPart
  let models: [ModelPart]
  let versions: [String: String]

  public init(
    seed: UInt32, table: CSVTable, data: PreparedData, runs: [RunReport],
    versions: [String: String]
  ) {
    self.seed = seed
    self.data = DataPart(
      file: table.fileName, sha256: table.sha256, rows: table.rowCount,
      features: data.training.featureNames, classes: data.training.classNames)
    models = runs.map(ModelPart.init)
    self.versions = versions
  }

  /// The document as JSON with sorted keys.
  public func json() throws -> [UInt8] { try JSON.encode(self) }

  struct DataPart: Encodable {
    let file: String
    let sha256: String
    let rows: Int
    let features: [String]
    let classes: [String]
  }

  struct ModelPart: Encodable {
    let name: String
    let hyperparameters: [String: HyperparameterValue]
    let fitSeconds: Double
    let predictSeconds: Double
    let train: MetricsPart
    let validate: MetricsPart
    let outOfBagScore: Double?

    init(_ run: RunReport) {
      name = run.name
      hyperparameters = Dictionary(uniqueKeysWithValues: run.hyperparameters.map { ($0, $1) })
      fitSeconds = run.fitSeconds
      predictSeconds = run.predictSeconds
      train = MetricsPart(report: run.training)
      validate = MetricsPart(report: run.validation)
      outOfBagScore = run.outOfBagScore
    }

    enum CodingKeys: String, CodingKey {
      case name, hyperparameters, train, validate
      case fitSeconds = "fit_seconds"
      case predictSeconds = "predict_seconds"
      case outOfBagScore = "oob_score"
    }
  }

  struct MetricsPart: Encodable {
    let report: ClassificationReport

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      for metric in Metric.shown(classCount: report.confusionMatrix.classCount) {
        try container.encode(report[metric], forKey: Key(stringValue: metric.rawValue))
      }
      try container.encode(
        report.confusionMatrix.counts, forKey: Key(stringValue: "confusion_matrix"))
    }
  }
}

extension Metric {
  /// The metrics that say something about that many classes.
  static func shown(classCount: Int) -> [Metric] {
    allCases.filter { classCount > 2 || !$0.isForManyClasses }
  }
}

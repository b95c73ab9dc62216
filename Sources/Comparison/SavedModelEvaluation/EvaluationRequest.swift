import Datasets
import Evaluation
import LinearAlgebra
import ModelFiles
public import SavedModels
import Support

/// A saved model and a table with labels that it is to be judged on.
public struct EvaluationRequest: Hashable, Sendable {
  /// The folder of the model, or its `model.safetensors`.
  public var model: String
  /// The table's path; `-` for the standard input.
  public var data: String
  /// The column with the actual classes; `nil` for the one that the model was trained on.
  public var target: String?
  public var rows: RowForm
  /// Whether rows whose label is missing are dropped.
  public var dropsUnlabelled: Bool
  /// What the model must reach.
  public var requirements: [PromotionRule.Limit]

  public init(
    model: String, data: String, rows: RowForm = RowForm(), target: String? = nil,
    dropsUnlabelled: Bool = false, requirements: [PromotionRule.Limit] = []
  ) {
    self.model = model
    self.data = data
    self.rows = rows
    self.target = target
    self.dropsUnlabelled = dropsUnlabelled
    self.requirements = requirements
  }

  /// Predicts the rows as `predict` does, and scores them as a run scores its test rows.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  /// - Throws: ``ModelFileError``, ``DatasetError`` or ``RequestError``.
  public func evaluation(threads: Int) throws -> SavedModelEvaluation {
    let folder = ModelFileSet.folder(of: model)
    let pipeline = try SavedPipeline(folder: folder, unknownCategory: rows.unknownCategory)
    let file = folder + "/" + ModelFile.name
    let known = try pipeline.description.runRequest(at: file)
    let rule = try targetRule(pipeline, known, file)
    var reading = pipeline.reading(rows.decimalMark, rows.format)
    reading.textColumns.append(rule.column)
    reading.labelColumn = dropsUnlabelled ? rule.column : nil
    reading.labels = rule.classes.flatMap { $0.values ?? [] }
    let table = try CSVTable(contentsOf: data, reading, threads: threads)
    let actual = try rule.labels(of: table, among: pipeline.classNames)
    let values = try pipeline.values(of: table, rows: Array(0..<table.rowCount))
    let shares = pipeline.probabilities(for: values, threads: threads)
    let description = pipeline.description
    let costs = try known?.costs ?? description.threshold?.costs.map(MistakeCost.init(parsing:))
    let scored = ScoredPredictions(
      description.algorithm.rawValue,
      TestPredictions(
        rows: table.positionsInFile, actual: actual, predicted: pipeline.labels(of: shares),
        probabilities: shares),
      classNames: pipeline.classNames,
      costs: costs.map { MistakeCosts($0, classNames: pipeline.classNames) }, threads: threads)
    let drift = EvaluationDocument.Drift(
      features: Parallelism.map(pipeline.columns.count, threads: threads) { index, _ in
        pipeline.columns[index].drift(of: values.column(index))
      }, scored, training: pipeline.preprocessing.classes)
    return try SavedModelEvaluation(
      self, of: description, fileSHA256: SHA256.hexDigest(of: Files.read(file)), on: table,
      target: rule.column, scored, drift, threads: threads)
  }

  /// How the table's labels become the model's classes.
  private func targetRule(
    _ pipeline: SavedPipeline, _ known: RunRequest?, _ file: String
  ) throws -> TargetRule {
    let training = pipeline.description.training
    let column = target ?? pipeline.preprocessing.target
    let classes = try known?.target.classes ?? training.classRules.map(ClassRule.init(parsing:))
    let rule = TargetRule(column: column, classes: classes)
    guard !pipeline.columns.contains(where: { $0.name.hasBytes(of: column) }) else {
      throw RequestError(
        .badRequest, "--target must be none of the model's features, was \"\(column)\"")
    }
    try rule.validate()
    return rule
  }

  /// The command that asks for it, word by word.
  public var command: [String] {
    let (format, decimalMark) = (rows.format, rows.decimalMark)
    var words = ["compare-models", "evaluate", model, "--data", data]
    let options: [(String, String?)] = [
      ("--target", target), ("--no-header", format?.hasHeader == false ? "" : nil),
      ("--separator", format?.separator?.rawValue), ("--encoding", format?.encoding?.rawValue),
      ("--decimal", decimalMark.decimal == "." ? nil : decimalMark.decimal),
      ("--thousands", decimalMark.thousands),
      (
        "--unknown-category",
        rows.unknownCategory == .error ? nil : rows.unknownCategory.rawValue
      ),
      ("--drop-unlabelled", dropsUnlabelled ? "" : nil),
    ]
    for case (let option, let value?) in options {
      words += [option, value].filter { !$0.isEmpty }
    }
    return words + requirements.flatMap { ["--require", $0.text] }
  }
}

import Classifiers
import Datasets
import Evaluation
import JSON
import ModelFiles
import SavedModels
import Support

/// The files of one model's folder.
enum RunFiles {
  /// The file of a model's loss by rounds.
  static let lossCurveName = "loss-curve.json"

  /// - Parameters:
  ///   - request: what the run was asked for; `nil` where that is not known.
  ///   - withGraph: whether the model is written as an ONNX graph, too.
  ///   - version: that of the program.
  static func files(
    of run: EvaluatedModel, _ request: RunRequest?, withGraph: Bool,
    version: String = ProgramVersion.current
  ) throws -> [(name: String, bytes: [UInt8])] {
    let pipeline = try pipeline(of: run, request, version: version)
    let saved = try pipeline.files()
    var graph: [(name: String, bytes: [UInt8])] = []
    // A model that is too large for a graph is kept without one; `compare-models export` says why.
    if withGraph, let bytes = try? pipeline.onnxFile() { graph = [(ModelFile.graphName, bytes)] }
    let training = ConfusionMatrixFile(
      run.training.confusionMatrix, title: "\(run.name), training rows",
      classNames: run.test.classNames, actual: run.data.training.labels,
      predicted: run.trainingPredicted, rows: run.data.filePositions(of: run.data.training))
    let scored = run.scored
    return [
      ("predictions.csv", scored.predictions.csv(classNames: scored.classNames)),
      ("confusion-matrix-train.json", try JSONDocument.encode(training)),
      (
        "confusion-matrix-validate.json",
        try JSONDocument.encode(ConfusionMatrixFile(scored, title: "\(run.name), test rows"))
      ),
      ("roc-curve.json", curves(of: scored)),
    ] + coefficients(of: run) + (try learningCurve(of: run)) + (try lossCurve(of: run))
      + saved + graph
  }

  /// A line per coefficient of a linear model.
  private static func coefficients(of run: EvaluatedModel) -> [(name: String, bytes: [UInt8])] {
    guard let coefficients = run.model.coefficients else { return [] }
    var table = CSVWriter()
    table.row(["class", "feature", "coefficient", "standard_error"])
    for coefficient in coefficients {
      table.cell(run.test.classNames[coefficient.label])
      table.cell(
        coefficient.feature.map { run.test.featureNames[$0] } ?? Coefficient.interceptName)
      table.cell(coefficient.value)
      if let error = coefficient.standardError { table.cell(error) } else { table.cell("") }
      table.endRow()
    }
    return [("coefficients.csv", table.bytes)]
  }

  /// The model and what prepares its rows, as `docs/model-format.md` describes their files.
  static func pipeline(
    of run: EvaluatedModel, _ request: RunRequest?, version: String
  ) throws -> SavedPipeline {
    let source = run.data.source
    let metrics = run.validation.shown.values.metrics.compactMap { metric in
      run.validation[metric].map { (metric.rawValue, $0) }
    }
    var description = ModelDescription(
      algorithm: run.algorithm, hyperparameters: run.hyperparameters,
      featureNames: run.test.featureNames, classNames: run.test.classNames,
      training: ModelDescription.TrainingData(
        fileName: source.fileName, sha256: source.sha256, target: source.target,
        seed: source.split.seed, testFraction: source.split.testFraction,
        split: split(of: source), classRules: source.classRules,
        keepsMissing: run.data.keepsMissing),
      validationMetrics: Dictionary(uniqueKeysWithValues: metrics),
      threshold: run.threshold?.decision,
      programVersion: version)
    description.request = try request.map {
      try JSONValue(encoding: $0.ofModel(run.algorithm, source)).description
    }
    return try SavedPipeline(SavedModel(run.model, description), run.preprocessing)
  }

  private static func split(
    of source: PreparedData.Source
  ) -> ModelDescription.TrainingData.Split {
    if let file = source.testFile { return .testData(fileName: file.name, sha256: file.sha256) }
    if let column = source.split.group { return .groups(column: column) }
    if let column = source.split.time { return .time(column: column) }
    return source.split.method == .stable ? .stable : .random
  }

  private static func learningCurve(of run: EvaluatedModel) throws -> [(
    name: String, bytes: [UInt8]
  )] {
    guard !run.learningCurve.isEmpty else { return [] }
    let curve = LearningCurveDocument(points: run.learningCurve)
    return [("learning-curve.json", try JSONDocument.encode(curve))]
  }

  private static func lossCurve(of run: EvaluatedModel) throws -> [(name: String, bytes: [UInt8])] {
    guard let curve = run.model.lossCurve else { return [] }
    return [(lossCurveName, try JSONDocument.encode(curve))]
  }

  /// The ROC curves of the labels and of the probabilities; the first threshold, infinity, is `null`.
  static func curves(of scored: ScoredPredictions) -> [UInt8] {
    func list(_ numbers: [Double]) -> JSONValue {
      .array(numbers.map { $0.isFinite ? .real($0) : .null })
    }
    func curves(_ set: CurveSet) -> JSONValue {
      .array(
        set.curves.map { named in
          [
            "auc": .real(named.curve.area), "fpr": list(named.curve.falsePositiveRates),
            "positive_class": .string(named.className),
            "thresholds": list(named.curve.thresholds),
            "tpr": list(named.curve.truePositiveRates),
          ]
        })
    }
    let document: JSONValue = [
      "labels": curves(scored.labelCurves), "probabilities": curves(scored.probabilityCurves),
    ]
    return document.file
  }
}

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

  /// - Parameter withGraph: whether the model is written as an ONNX graph, too.
  static func files(
    of run: EvaluatedModel, withGraph: Bool
  ) throws -> [(name: String, bytes: [UInt8])] {
    let pipeline = try pipeline(of: run)
    let saved = try pipeline.files()
    // A model that is too large for a graph is kept without one; `compare-models export` says why.
    let graph =
      withGraph ? (try? pipeline.onnxFile()).map { [(ModelFile.graphName, $0)] } ?? [] : []
    return [
      ("predictions.csv", predictions(of: run)),
      (
        "confusion-matrix-train.json",
        try JSONDocument.encode(
          ConfusionMatrixDocument(
            run.training.confusionMatrix, title: "\(run.name), training rows",
            data: run.data.training, positions: run.data.filePositions(of: run.data.training),
            predicted: run.trainingPredicted))
      ),
      (
        "confusion-matrix-validate.json",
        try JSONDocument.encode(
          ConfusionMatrixDocument(
            run.validation.confusionMatrix, title: "\(run.name), test rows",
            data: run.test, positions: run.data.filePositions(of: run.test),
            predicted: run.predicted))
      ),
      ("roc-curve.json", curves(of: run)),
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
  private static func pipeline(of run: EvaluatedModel) throws -> SavedPipeline {
    let source = run.data.source
    let metrics = run.validation.shown.values.metrics.compactMap { metric in
      run.validation[metric].map { (metric.rawValue, $0) }
    }
    let description = ModelDescription(
      algorithm: run.algorithm, hyperparameters: run.hyperparameters,
      featureNames: run.test.featureNames, classNames: run.test.classNames,
      training: ModelDescription.TrainingData(
        fileName: source.fileName, sha256: source.sha256, target: source.target,
        seed: source.split.seed, testFraction: source.split.testFraction,
        split: split(of: source), classRules: source.classRules,
        keepsMissing: run.data.keepsMissing),
      validationMetrics: Dictionary(uniqueKeysWithValues: metrics),
      threshold: run.threshold?.decision,
      programVersion: ProgramVersion.current)
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

  /// A line per test row: its position in the file, its class, the predicted class, the probability of
  /// every class, and its group where rows come in groups. With many classes nearly all probabilities are
  /// zero, and left empty.
  private static func predictions(of run: EvaluatedModel) -> [UInt8] {
    let names = run.test.classNames.map { CSVWriter.cell($0) }
    var table = CSVWriter(capacity: run.test.sampleCount * 24 * (2 + names.count))
    let groups = run.data.testGroupNames
    let hasManyClasses = names.count > ConfusionMatrix.fullLimit
    table.row(
      ["row", "actual", "predicted"] + run.test.classNames.map { "probability_" + $0 }
        + (groups == nil ? [] : [TestPredictions.groupColumn]))
    let positions = run.data.filePositions(of: run.test)
    for index in run.test.labels.indices {
      table.cell(positions[index])
      table.cell(prepared: names[run.test.labels[index]])
      table.cell(prepared: names[run.predicted[index]])
      for share in run.probabilities.row(index) {
        if hasManyClasses, share == 0 { table.cell(prepared: []) } else { table.cell(share) }
      }
      if let groups { table.cell(prepared: CSVWriter.cell(groups[index])) }
      table.endRow()
    }
    return table.bytes
  }

  /// The ROC curves of the labels and of the probabilities; the first threshold, infinity, is `null`.
  private static func curves(of run: EvaluatedModel) -> [UInt8] {
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
      "labels": curves(run.labelCurves), "probabilities": curves(run.probabilityCurves),
    ]
    return document.file
  }
}

/// A confusion matrix as Comet's dashboard reads it, with samples of every cell.
///
/// Of many classes it has those with the most mistakes: Comet's own SDK keeps 25, too.
private struct ConfusionMatrixDocument: Encodable {
  let version = 1
  let title: String
  let labels: [String]
  let matrix: [[Int]]
  let rowLabel = "Actual Category"
  let columnLabel = "Predicted Category"
  let maxSamplesPerCell = 25
  /// The first rows of each cell, by their zero-based positions in the file; `nil` for an empty cell.
  let sampleMatrix: [[[Int]?]]
  let type = "integer"

  private static let mostClasses = 25

  /// - Parameter positions: those of the data's rows in the file.
  init(
    _ matrix: ConfusionMatrix, title: String, data: Dataset, positions: [Int], predicted: [Int]
  ) {
    let isWhole = matrix.classCount <= ConfusionMatrix.fullLimit
    let classes =
      isWhole
      ? Array(0..<matrix.classCount) : matrix.classes(withMostMistakes: Self.mostClasses).sorted()
    self.title =
      title
      + (isWhole
        ? "" : ", the \(classes.count) of \(matrix.classCount) classes with the most mistakes")
    labels = classes.map { data.classNames[$0] }
    let counts = classes.map { actual in
      classes.map { matrix[actual: actual, predicted: $0] }
    }
    self.matrix = counts
    var samples: [[[Int]?]] = counts.map { $0.map { $0 == 0 ? nil : [] } }
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    for (index, labels) in zip(data.labels, predicted).enumerated() {
      guard let actual = places[labels.0], let predicted = places[labels.1] else { continue }
      if (samples[actual][predicted]?.count ?? 0) < maxSamplesPerCell {
        samples[actual][predicted]?.append(positions[index])
      }
    }
    sampleMatrix = samples
  }

  private enum CodingKeys: String, CodingKey {
    case version, title, labels, matrix, rowLabel, columnLabel, maxSamplesPerCell, sampleMatrix,
      type
  }
}

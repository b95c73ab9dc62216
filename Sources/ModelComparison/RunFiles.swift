import Datasets
import Evaluation
import ModelFiles

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The files of one model's folder.
enum RunFiles {
  static func files(of run: RunReport) throws -> [(name: String, bytes: [UInt8])] {
    let saved = try pipeline(of: run).files()
    return [
      ("predictions.csv", predictions(of: run)),
      (
        "confusion-matrix-train.json",
        try JSON.encode(
          ConfusionMatrixDocument(
            run.training.confusionMatrix, title: "\(run.name), training rows",
            data: run.data.training, predicted: run.trainingPredicted))
      ),
      (
        "confusion-matrix-validate.json",
        try JSON.encode(
          ConfusionMatrixDocument(
            run.validation.confusionMatrix, title: "\(run.name), test rows",
            data: run.test, predicted: run.predicted))
      ),
      ("roc-curve.json", try JSON.encode(CurvesDocument(run))),
    ] + (try learningCurve(of: run)) + saved
  }

  /// The model and what prepares its rows, as `docs/model-format.md` describes their files.
  private static func pipeline(of run: RunReport) throws -> SavedPipeline {
    let source = run.data.source
    let metrics = Metric.shown(classCount: run.test.classCount).compactMap { metric in
      run.validation[metric].map { (metric.rawValue, $0) }
    }
    let description = ModelDescription(
      algorithm: run.algorithm, hyperparameters: run.hyperparameters,
      featureNames: run.test.featureNames, classNames: run.test.classNames,
      training: ModelDescription.TrainingData(
        fileName: source.fileName, sha256: source.sha256, target: source.target,
        seed: source.split.seed, testFraction: source.split.testFraction),
      validationMetrics: Dictionary(uniqueKeysWithValues: metrics),
      programVersion: ProgramVersion.current)
    return try SavedPipeline(SavedModel(run.model, description), run.preprocessing)
  }

  private static func learningCurve(of run: RunReport) throws -> [(name: String, bytes: [UInt8])] {
    guard !run.learningCurve.isEmpty else { return [] }
    return [("learning-curve.json", try JSON.encode(LearningCurveDocument(run.learningCurve)))]
  }

  /// A line per test row: its position in the file, its class, the predicted class, and the
  /// probability of every class.
  private static func predictions(of run: RunReport) -> [UInt8] {
    let names = run.test.classNames.map(quoted)
    var text = "row,actual,predicted"
    for name in run.test.classNames { text += "," + quoted("probability_" + name) }
    text += "\n"
    for index in run.test.labels.indices {
      text += "\(run.test.rows[index]),\(names[run.test.labels[index]]),"
      text += names[run.predicted[index]]
      for share in run.probabilities.row(index) { text += ",\(share)" }
      text += "\n"
    }
    return Array(text.utf8)
  }

  /// A CSV cell, in quotes where it needs them.
  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}

/// A confusion matrix as Comet's dashboard reads it, with samples of every cell.
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

  init(_ matrix: ConfusionMatrix, title: String, data: Dataset, predicted: [Int]) {
    self.title = title
    labels = matrix.classNames
    self.matrix = matrix.counts
    var samples: [[[Int]?]] = matrix.counts.map { $0.map { $0 == 0 ? nil : [] } }
    for (index, (actual, predicted)) in zip(data.labels, predicted).enumerated() {
      if (samples[actual][predicted]?.count ?? 0) < maxSamplesPerCell {
        samples[actual][predicted]?.append(data.rows[index])
      }
    }
    sampleMatrix = samples
  }

  private enum CodingKeys: String, CodingKey {
    case version, title, labels, matrix, rowLabel, columnLabel, maxSamplesPerCell, sampleMatrix,
      type
  }
}

/// A model's ROC curves.
private struct CurvesDocument: Encodable {
  struct Curve: Encodable {
    let positiveClass: String
    let auc: Double
    let fpr: [Double]
    let tpr: [Double]
    /// `null` for the first, infinity.
    let thresholds: [Double?]

    enum CodingKeys: String, CodingKey {
      case positiveClass = "positive_class"
      case auc, fpr, tpr, thresholds
    }
  }

  let labels: [Curve]
  let probabilities: [Curve]

  init(_ run: RunReport) {
    func curves(_ set: CurveSet) -> [Curve] {
      set.curves.map { named in
        Curve(
          positiveClass: named.className, auc: named.curve.area,
          fpr: named.curve.falsePositiveRates, tpr: named.curve.truePositiveRates,
          thresholds: named.curve.thresholds.map { $0.isFinite ? $0 : nil })
      }
    }
    labels = curves(run.labelCurves)
    probabilities = curves(run.probabilityCurves)
  }
}

enum JSON {
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }
  /// Reads a file that a run has written.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(FileError) -> Value {
    let bytes = try FileSystem.read(path)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw FileError(
        .cannotRead, path, "expected what a run has written, found: \(Self.words(error))")
    }
  }

  private static func words(_ error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context):
      "no \(place(context.codingPath + [key]))"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "another kind of value at \(place(context.codingPath))"
    default: "no JSON"
    }
  }
}

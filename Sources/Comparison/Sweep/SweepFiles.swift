import Evaluation
import JSON
import ModelFiles

/// What is kept of a run: the same bytes wherever and whenever it is made.
struct RunScores: Hashable, Sendable {
  static let fileName = "scores.json"

  let trainingRows: Int
  let testRows: Int
  let scores: MetricValues<Double>
  let confusionMatrix: ConfusionMatrix
  /// Why there are no scores.
  let problem: String?

  init(_ result: DivisionScores) {
    trainingRows = result.trainingRows
    testRows = result.testRows
    scores = result.scores
    confusionMatrix = result.confusionMatrix
    problem = result.problem
  }

  func file(of run: SweepRun) throws -> [UInt8] {
    let metrics = Metric.shown(classCount: confusionMatrix.classCount).map { metric in
      (metric.rawValue, scores[metric].map { JSONValue.real($0) } ?? .null)
    }
    let reason = problem.map { ["problem": JSONValue.string($0)] } ?? [:]
    return JSONValue.sorted(
      Self.identity(of: run).merging(reason) { $1 }.merging([
        "confusion_matrix": try JSONValue(encoding: confusionMatrix),
        "test_rows": .integer(testRows), "training_rows": .integer(trainingRows),
        "validate": .sorted(Dictionary(uniqueKeysWithValues: metrics)),
      ]) { $1 }
    ).file
  }

  /// What tells a run from the others of its plan.
  private static func identity(of run: SweepRun) -> [String: JSONValue] {
    var members: [String: JSONValue] = [
      "model": .string(run.candidate.algorithm.rawValue),
      "hyperparameters": .sorted(
        Dictionary(
          uniqueKeysWithValues: run.candidate.settings.map { ($0.name, JSONValue($0.value)) })),
      "seed": .integer(Int(run.seed)),
    ]
    if let outer = run.part?.outer { members["outer"] = .integer(outer) }
    if let repetition = run.part?.repetition { members["repeat"] = .integer(repetition) }
    if let fold = run.part?.fold { members["fold"] = .integer(fold) }
    return members
  }

  /// Reads the file; `nil` where it is damaged, as a power cut may leave it.
  ///
  /// - Throws: ``RequestError`` where it is whole, but not of that run.
  init?(fromFile bytes: [UInt8], of run: SweepRun, path: String) throws(RequestError) {
    guard let document = try? JSONValue(parsing: bytes) else { return nil }
    for (name, value) in Self.identity(of: run) where document[name] != value {
      throw RequestError(
        .badData,
        "\(path): expected \(name) \(value), found \(document[name]?.description ?? "none"); the run is "
          + "not of this sweep")
    }
    guard let trainingRows = document["training_rows"]?.wholeNumber,
      let testRows = document["test_rows"]?.wholeNumber,
      let matrix = try? document["confusion_matrix"]?.decoded(as: ConfusionMatrix.self),
      let metrics = document["validate"]?.members
    else { return nil }
    var scores = MetricValues<Double>()
    for member in metrics {
      guard let metric = Metric(rawValue: member.name) else { return nil }
      scores[metric] = member.value.number
    }
    self.trainingRows = trainingRows
    self.testRows = testRows
    self.scores = scores
    confusionMatrix = matrix
    problem = document["problem"]?.text
  }
}

/// What differs from machine to machine, in a file of its own beside the scores.
struct RunTiming: Hashable, Sendable {
  static let fileName = "timing.json"

  /// Wall-clock seconds on one thread, or on several where there were fewer runs than threads.
  let fitSeconds: Double
  /// Of predicting the test rows.
  let predictSeconds: Double
  let host: String

  func file() -> [UInt8] {
    JSONValue.sorted([
      "fit_seconds": .real(fitSeconds), "predict_seconds": .real(predictSeconds),
      "host": .string(host),
    ]).file
  }
}

extension RunTiming {
  /// `nil` where the file is damaged.
  init?(fromFile bytes: [UInt8]) {
    guard let document = try? JSONValue(parsing: bytes), let fit = document["fit_seconds"]?.number,
      let predict = document["predict_seconds"]?.number, let host = document["host"]?.text
    else { return nil }
    self.init(fitSeconds: fit, predictSeconds: predict, host: host)
  }
}

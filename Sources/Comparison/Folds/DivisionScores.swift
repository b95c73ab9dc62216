public import Evaluation

/// How one model, fitted to the training rows of a division, does on its test rows.
public struct DivisionScores: Codable, Hashable, Sendable {
  public let division: DivisionName
  public let trainingRows: Int
  public let testRows: Int
  public let fitSeconds: Double
  /// Of the test rows only.
  public let predictSeconds: Double
  public let scores: MetricValues<Double>
  public let confusionMatrix: ConfusionMatrix
  /// Why there are no scores: the classifier cannot be fitted to so few rows.
  public var problem: String?

  private enum CodingKeys: String, CodingKey {
    case repetition = "repeat"
    case fold, seed, problem
    case trainingRows = "training_rows"
    case testRows = "test_rows"
    case fitSeconds = "fit_seconds"
    case predictSeconds = "predict_seconds"
    case scores = "validate"
    case confusionMatrix = "confusion_matrix"
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    division =
      if let seed = try values.decodeIfPresent(UInt32.self, forKey: .seed) {
        .split(seed: seed)
      } else {
        .fold(
          repetition: try values.decode(Int.self, forKey: .repetition),
          number: try values.decode(Int.self, forKey: .fold))
      }
    trainingRows = try values.decode(Int.self, forKey: .trainingRows)
    testRows = try values.decode(Int.self, forKey: .testRows)
    fitSeconds = try values.decode(Double.self, forKey: .fitSeconds)
    predictSeconds = try values.decode(Double.self, forKey: .predictSeconds)
    scores = try values.decode(MetricValues<Double>.self, forKey: .scores)
    confusionMatrix = try values.decode(ConfusionMatrix.self, forKey: .confusionMatrix)
    problem = try values.decodeIfPresent(String.self, forKey: .problem)
  }

  /// Written with null for metrics that are not defined on the rows.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch division {
    case .fold(let repetition, let number):
      try container.encode(repetition, forKey: .repetition)
      try container.encode(number, forKey: .fold)
    case .split(let seed): try container.encode(seed, forKey: .seed)
    }
    try container.encode(trainingRows, forKey: .trainingRows)
    try container.encode(testRows, forKey: .testRows)
    try container.encode(fitSeconds, forKey: .fitSeconds)
    try container.encode(predictSeconds, forKey: .predictSeconds)
    try scores.encode(
      to: container.superEncoder(forKey: .scores),
      scores.shown(classCount: confusionMatrix.classCount))
    try container.encode(confusionMatrix, forKey: .confusionMatrix)
    try container.encodeIfPresent(problem, forKey: .problem)
  }
}

extension DivisionScores {
  init(
    division: DivisionName, trainingRows: Int, testRows: Int, fitSeconds: Double,
    predictSeconds: Double, scores: MetricValues<Double>, confusionMatrix: ConfusionMatrix,
    problem: String? = nil
  ) {
    self.division = division
    self.trainingRows = trainingRows
    self.testRows = testRows
    self.fitSeconds = fitSeconds
    self.predictSeconds = predictSeconds
    self.scores = scores
    self.confusionMatrix = confusionMatrix
    self.problem = problem
  }
}

extension [DivisionScores] {
  /// A notice about a model's divisions without scores; `nil` if there are none.
  ///
  /// - Parameter kind: such as `folds`.
  func notice(of model: String, _ kind: String) -> String? {
    let problems = compactMap(\.problem)
    return problems.first.map {
      "\(model) has no score on \(problems.count) of \(count) \(kind): \($0)"
    }
  }
}

import Classifiers
import Datasets
import Evaluation

/// A division of the rows into those to learn from and those to judge on, and the candidates that are
/// fitted to the ones and judged on the others.
///
/// It depends on nothing else, and the result of each candidate has a place of its own.
struct Division: Sendable {
  let name: DivisionName
  let candidates: [any Classifier]
  /// Chooses a threshold for each model by folds of the rows to learn from; `nil` where the most probable class is
  /// predicted.
  var thresholds: ThresholdSearch?
  /// Encodes, scales and divides the rows.
  let prepare: @Sendable () throws -> PreparedData

  /// The folder of a candidate's result, within the run folder.
  func place(of candidate: any Classifier) -> String {
    "\(name.place)/\(type(of: candidate).algorithm.rawValue)"
  }
}

/// Which division of the rows it is.
public enum DivisionName: Hashable, Sendable {
  /// A fold of a repeat, both counted from 1.
  case fold(repetition: Int, number: Int)
  /// The train/test split of a seed.
  case split(seed: UInt32)

  fileprivate var place: String {
    switch self {
    case .fold(let repetition, let number):
      "folds/repeat-\(repetition)-fold-\(number < 10 ? "0" : "")\(number)"
    case .split(let seed): "divisions/seed-\(seed)"
    }
  }

  /// Such as `repeat 1, fold 3` or `seed 43`.
  var words: String {
    switch self {
    case .fold(let repetition, let number): "repeat \(repetition), fold \(number)"
    case .split(let seed): "seed \(seed)"
    }
  }
}

extension Classifier {
  /// Fits and judges; where the classifier cannot be fitted to so few rows, the scores are empty, as in
  /// scikit-learn's `cross_validate`.
  ///
  /// - Parameter thresholds: chooses a threshold by the same training rows; `nil` where the most probable class is
  ///   predicted.
  func scores(
    on data: PreparedData, of division: DivisionName, thresholds: ThresholdSearch? = nil,
    threads: Int
  ) throws -> DivisionScores {
    let data = data.taken(by: self)
    let clock = ContinuousClock()
    let start = clock.now
    let model: any ClassificationModel
    let threshold: Double?
    do {
      model = try fit(data.training, threads: threads)
      threshold = try thresholds?.curve(of: self, threads: threads)?.cheapest
    } catch let error as FitError {
      return DivisionScores(emptyFor: division, on: data, problem: error.description)
    } catch let error as ParameterError {
      return DivisionScores(emptyFor: division, on: data, problem: error.description)
    }
    let fitted = clock.now
    let shares = model.probabilities(for: data.test.features, threads: threads)
    let predicted = shares.predictedLabels(threshold: threshold)
    let end = clock.now
    let report = data.test.report(predicted, shares, thresholds?.costs)
    return DivisionScores(
      division: division, trainingRows: data.training.sampleCount,
      testRows: data.test.sampleCount, fitSeconds: (fitted - start).seconds,
      predictSeconds: (end - fitted).seconds, scores: report.shown.values,
      confusionMatrix: report.confusionMatrix)
  }
}

extension DivisionScores {
  /// The scores of a classifier that cannot be fitted: none.
  fileprivate init(emptyFor division: DivisionName, on data: PreparedData, problem: String) {
    self.init(
      division: division, trainingRows: data.training.sampleCount,
      testRows: data.test.sampleCount, fitSeconds: 0, predictSeconds: 0, scores: MetricValues(),
      confusionMatrix: ConfusionMatrix(
        actual: [], predicted: [], classCount: data.test.classCount), problem: problem)
  }
}

/// What is kept of a candidate's result on a division.
struct DivisionDocument: Codable {
  static let fileName = "scores.json"

  let name: String
  let hyperparameters: [String: HyperparameterValue]
  let result: DivisionScores

  init(_ classifier: any Classifier, _ scores: DivisionScores) {
    name = type(of: classifier).algorithm.rawValue
    hyperparameters = Dictionary(uniqueKeysWithValues: classifier.hyperparameters.map { ($0, $1) })
    result = scores
  }
}

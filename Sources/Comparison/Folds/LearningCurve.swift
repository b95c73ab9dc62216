import Classifiers
import Datasets
public import Evaluation

/// A classifier fitted on a part of the training rows, judged on that part and on the test rows.
public struct LearningCurvePoint: Codable, Hashable, Sendable {
  /// How many training rows the part has.
  public let rowCount: Int
  /// Both are `nil` where the classifier cannot be fitted to the part.
  public let training: ClassificationReport?
  public let validation: ClassificationReport?
  /// Why the point is empty.
  public let problem: String?

  private enum CodingKeys: String, CodingKey {
    case rowCount = "training_rows"
    case training = "train"
    case validation = "validate"
    case problem
  }

  /// The points for `parts` parts that grow by the same number of rows; the last is all of them.
  ///
  /// The parts are the beginnings of the training rows, whose order the split has drawn, or is that of time.
  /// Where they are in the order of the file, they are shuffled first, as by scikit-learn's
  /// `learning_curve(shuffle=True, random_state=seed)`. A part that is too
  /// small for the classifier has an empty point, as in scikit-learn's `learning_curve`.
  ///
  /// - Parameter threshold: that of the model of all training rows, where it has one.
  static func curve(
    of classifier: some Classifier, on data: PreparedData, parts: Int, threshold: Double?,
    costs: MistakeCosts?, threads: Int
  ) throws -> [LearningCurvePoint] {
    guard parts > 0 else { return [] }
    let source = data.source
    var order = Array(0..<data.training.sampleCount)
    if source.testFile != nil || source.split.group != nil {
      var twister = MersenneTwister(seed: source.split.seed)
      order = twister.permutation(order.count)
    }
    return try (1...parts).map { part in
      let count = data.training.sampleCount * part / parts
      let rows = data.training.samples(at: Array(order[..<count]))
      do {
        let model = try classifier.fit(rows, threads: threads)
        func report(on dataset: Dataset) -> ClassificationReport {
          let shares = model.probabilities(for: dataset.features, threads: threads)
          return dataset.report(shares.predictedLabels(threshold: threshold), shares, costs)
        }
        return LearningCurvePoint(
          rowCount: count, training: report(on: rows), validation: report(on: data.test),
          problem: nil)
      } catch let error as FitError {
        return LearningCurvePoint(
          rowCount: count, training: nil, validation: nil, problem: error.description)
      }
    }
  }
}

extension [LearningCurvePoint] {
  /// A notice about empty points; `nil` if there are none.
  public var notice: String? {
    let empty = filter { $0.problem != nil }
    return empty.first?.problem.map {
      "no scores for \(empty.map { "\($0.rowCount)" }.joined(separator: ", ")) training rows of the "
        + "learning curve: \($0)"
    }
  }
}

/// What `learning-curve.json` says.
struct LearningCurveDocument: Codable {
  let points: [LearningCurvePoint]
}

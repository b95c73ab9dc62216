public import Datasets
public import Evaluation
import LinearAlgebra

/// What predicting the most frequent class of the training rows, whatever the sample, would score.
///
/// It is scikit-learn's `DummyClassifier(strategy="most_frequent")`, by which a model's numbers are seen
/// for what they are: where nine in ten rows are of one class, it is right nine times in ten.
public struct Baseline: Codable, Hashable, Sendable {
  public static let name = "Baseline"

  public let strategy: String
  /// The class that is always predicted; of equally frequent ones the first.
  public let className: String
  public let training: ClassificationReport
  public let validation: ClassificationReport

  private enum CodingKeys: String, CodingKey {
    case strategy
    case className = "class"
    case training = "train"
    case validation = "validate"
  }

  /// - Parameter costs: what mistakes cost; `nil` where there is no cost to report.
  public init(_ data: PreparedData, costs: MistakeCosts? = nil) {
    let counts = data.training.classCounts
    let label = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
    strategy = "most_frequent"
    className = data.training.classNames[label]
    training = Self.report(data.training, always: label, costs)
    validation = Self.report(data.test, always: label, costs)
  }

  private static func report(
    _ data: Dataset, always label: Int, _ costs: MistakeCosts?
  ) -> ClassificationReport {
    var probabilities = Matrix(rowCount: data.sampleCount, columnCount: data.classCount)
    for row in 0..<data.sampleCount { probabilities[row, label] = 1 }
    return data.report([Int](repeating: label, count: data.sampleCount), probabilities, costs)
  }
}

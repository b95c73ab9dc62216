public import Evaluation
import Support

/// What a comparison shows, and what it does not, in words.
public struct Findings: Sendable {
  /// One sentence: which model, by which metric, and how sure.
  public let answer: String
  /// Everything else that can be said, a sentence or two each.
  public let details: [String]

  public var sentences: [String] { [answer] + details }

  /// A difference is significant where its test's p-value, after Holm's correction, is below this.
  public static let level = 0.05

  /// - Parameter metric: the metric that models are ranked by.
  public init(_ document: ComparisonDocument, by metric: Metric = .accuracy) {
    let text = FindingsText(document, metric)
    answer = text.answer
    details =
      text.choice + text.costs + text.divisions + text.mcNemar + text.deLong + text.folds
      + text.baseline + text.allRight + text.gaps + text.limits
  }
}

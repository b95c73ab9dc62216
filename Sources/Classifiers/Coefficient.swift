/// A coefficient of a linear model: how much the score of a class rises with a feature as the model gets it, encoded and
/// scaled.
public struct Coefficient: Codable, Hashable, Sendable {
  /// The class whose score it is. Of two classes there is only that of the second: its log-odds.
  public let label: Int
  /// The feature; `nil` for the intercept.
  public let feature: Int?
  public let value: Double
  /// `nil` where it is not known, or where the data leave the coefficient open.
  public let standardError: Double?

  public init(label: Int, feature: Int?, value: Double, standardError: Double?) {
    self.label = label
    self.feature = feature
    self.value = value
    self.standardError = standardError
  }

  private enum CodingKeys: String, CodingKey {
    case label, feature, value
    case standardError = "standard_error"
  }

  /// What stands in the place of a feature's name where tables list an intercept.
  public static let interceptName = "(intercept)"
}

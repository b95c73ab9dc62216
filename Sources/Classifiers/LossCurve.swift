/// The mean logarithmic loss of a model that learns in rounds, before the first round and after each.
public struct LossCurve: Codable, Hashable, Sendable {
  /// Of the rows that it learns from.
  public var training: [Double]
  /// Of training rows that are held out to decide when rounds end; `nil` without any.
  public var heldOut: [Double]?

  public init(training: [Double] = [], heldOut: [Double]? = nil) {
    self.training = training
    self.heldOut = heldOut
  }

  private enum CodingKeys: String, CodingKey {
    case training
    case heldOut = "held_out"
  }
}

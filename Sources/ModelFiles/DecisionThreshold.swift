/// The probability of the second of two classes from which on it is predicted.
public struct DecisionThreshold: Hashable, Sendable {
  /// A finite number; the class is predicted where its probability is at least this.
  public let value: Double
  /// What mistakes cost, which the threshold was chosen by, such as `Silver>Gold=5`; a mistake that
  /// is not named costs 1.
  public let costs: [String]

  public init(_ value: Double, costs: [String]) {
    self.value = value
    self.costs = costs
  }
}

/// An algorithm that can be compared, under the name that the original gave its runs.
public struct Algorithm: RawRepresentable, CaseIterable, Codable, Hashable, Sendable,
  CustomStringConvertible
{
  /// The algorithms of the original. They and the others are the one place outside of its own folders that
  /// names an algorithm; see docs/adding-a-classifier.md.
  private static let originals: [any HyperparameterSet.Type] = [
    RandomForest.self, DecisionTree.self, GaussianNaiveBayes.self, KNearestNeighbors.self,
  ]
  private static let others: [any HyperparameterSet.Type] = [
    HistGradientBoosting.self, LogisticRegression.self,
  ]
  private static let roster = originals + others

  /// The algorithms, in the order in which results list them.
  public static let allCases = roster.map { $0.algorithm }
  /// Those that are compared where none is named; the others have to be asked for.
  public static let standard = originals.map { $0.algorithm }

  public let rawValue: String

  /// A name for the roster.
  init(named name: String) { rawValue = name }

  /// - Returns: `nil` where the roster has no such name.
  public init?(rawValue: String) {
    guard Self.allCases.contains(where: { $0.rawValue == rawValue }) else { return nil }
    self.rawValue = rawValue
  }

  public var description: String { rawValue }

  /// scikit-learn's default hyper-parameters.
  ///
  /// - Parameter seed: the seed of every random draw; the algorithms without chance ignore it.
  public func hyperparameters(seed: UInt32) -> any HyperparameterSet {
    guard let type = Self.roster.first(where: { $0.algorithm == self }) else {
      preconditionFailure("the roster names every algorithm")
    }
    return type.init(seed: seed)
  }
}

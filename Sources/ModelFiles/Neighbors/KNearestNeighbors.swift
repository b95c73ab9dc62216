extension Algorithm {
  public static let kNearestNeighbors = Algorithm(named: "KNeighborsClassifier")
}

/// The hyper-parameters of k nearest neighbours.
public struct KNearestNeighbors: HyperparameterSet {
  public static let algorithm = Algorithm.kNearestNeighbors

  /// The weight of a neighbour's vote.
  public enum Weighting: String, CaseIterable, Codable, HyperparameterConvertible {
    case uniform
    /// The inverse of the distance; if there are neighbours at distance zero, only they vote.
    case distance
  }

  /// How many neighbours vote. The default is 5.
  public var neighborCount: Int
  /// The weight of a vote. The default is uniform.
  public var weighting = Weighting.uniform
  /// The power of the Minkowski distance: 1 for the Manhattan distance, 2 for the Euclidean one, the default.
  public var power = 2

  public init(neighborCount: Int = 5) { self.neighborCount = neighborCount }

  public init(seed: UInt32) { self.init() }

  public static let allParameters: [Hyperparameter<Self>] = [
    Hyperparameter("n_neighbors", \.neighborCount, mustBe: "at least 1") { $0 >= 1 },
    Hyperparameter("p", \.power, mustBe: "1 or 2") { $0 == 1 || $0 == 2 },
    Hyperparameter("weights", \.weighting),
  ]

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> NeighborTensors {
    try NeighborTensors(file, description, neighborCount: neighborCount)
  }
}

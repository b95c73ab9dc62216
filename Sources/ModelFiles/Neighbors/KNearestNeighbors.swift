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

  /// How scikit-learn would search, which decides between samples at equal distance and nothing else.
  public enum SearchAlgorithm: String, CaseIterable, Codable, HyperparameterConvertible {
    /// All rows where there are more than 15 features or `neighborCount` is half of the rows; a k-d
    /// tree otherwise.
    case auto
    case kdTree = "kd_tree"
    case ballTree = "ball_tree"
    /// All rows, one after the other.
    case brute
  }

  /// How many neighbours vote. The default is 5.
  public var neighborCount: Int
  /// The weight of a vote. The default is uniform.
  public var weighting = Weighting.uniform
  /// The power of the Minkowski distance: 1 for the Manhattan distance, 2 for the Euclidean one,
  /// the default.
  public var power = 2
  /// How scikit-learn would search. The default is auto.
  public var searchAlgorithm = SearchAlgorithm.auto
  /// How many samples a leaf of its tree has at least. The default is 30.
  public var leafSize = 30

  public init(neighborCount: Int = 5) { self.neighborCount = neighborCount }

  public init(seed: UInt32) { self.init() }

  public static let allParameters: [Hyperparameter<Self>] = [
    Hyperparameter("algorithm", \.searchAlgorithm),
    Hyperparameter("leaf_size", \.leafSize, mustBe: "at least 1") { $0 >= 1 },
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

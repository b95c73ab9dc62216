extension Algorithm {
  public static let kNearestNeighbors = Algorithm(named: "KNeighborsClassifier")
}

/// The hyper-parameters of the nearest samples' vote.
public struct KNearestNeighbors: HyperparameterSet {
  public static let algorithm = Algorithm.kNearestNeighbors

  /// What a neighbour's vote weighs.
  public enum Weighting: String, CaseIterable, Codable, Hashable, Sendable {
    case uniform
    /// The inverse of the distance; neighbours at distance zero alone vote where there are any.
    case distance
  }

  /// How many neighbours vote. The default is 5.
  public var neighborCount: Int
  /// What a vote weighs. The default is uniform.
  public var weighting = Weighting.uniform
  /// The power of the Minkowski distance: 1, sums of differences, or 2, Euclid's. The default is 2.
  public var power = 2

  public init(neighborCount: Int = 5) { self.neighborCount = neighborCount }

  public init(seed: UInt32) { self.init() }

  public var hyperparameters: [(name: String, value: HyperparameterValue)] {
    [
      ("n_neighbors", .integer(neighborCount)), ("p", .integer(power)),
      ("weights", .text(weighting.rawValue)),
    ]
  }

  public mutating func set(
    _ name: String, to value: HyperparameterValue
  ) throws(ParameterError) {
    switch name {
    case "n_neighbors": neighborCount = try value.asInteger(name)
    case "p": power = try value.asInteger(name)
    case "weights": weighting = try value.asChoice(name)
    default: throw unknownParameter(name)
    }
  }

  public func validate() throws(ParameterError) {
    guard neighborCount >= 1 else {
      throw ParameterError("n_neighbors", mustBe: "at least 1", was: neighborCount)
    }
    guard power == 1 || power == 2 else { throw ParameterError("p", mustBe: "1 or 2", was: power) }
  }

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> NeighborTensors {
    try NeighborTensors(file, description, neighborCount: neighborCount)
  }
}

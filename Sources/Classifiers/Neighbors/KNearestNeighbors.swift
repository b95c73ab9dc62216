public import Datasets
public import LinearAlgebra

/// A classifier that lets the nearest training samples vote.
///
/// Fitting arranges the training samples in a k-d tree. Predicting finds each query's `neighborCount`
/// nearest and gives each class its share of their votes.
///
///     let model = try KNearestNeighbors(neighborCount: 3).fit(training)
///     model.predictions(for: test.features)
///
/// Among samples at equal distance the one that came first is taken, and equal votes go to the lower
/// class index, so results do not depend on the number of threads.
///
/// - SeeAlso: Cover and Hart, "Nearest neighbor pattern classification", 1967,
///   doi:10.1109/TIT.1967.1053964.
public struct KNearestNeighbors: Classifier {
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

  public func learn(from dataset: Dataset, threads: Int) throws -> KNearestNeighborsModel {
    guard neighborCount <= dataset.sampleCount else {
      throw FitError(
        "\(neighborCount) neighbours need as many training samples, found \(dataset.sampleCount)")
    }
    return KNearestNeighborsModel(
      search: NeighborSearch(
        dataset.features, distance: power == 1 ? .manhattan : .euclidean, threads: threads),
      labels: dataset.labels.map { Int32($0) }, classCount: dataset.classCount,
      neighborCount: neighborCount, weighting: weighting, isEuclidean: power == 2)
  }
}

/// Training samples, arranged to be found.
public struct KNearestNeighborsModel: ClassificationModel, Hashable {
  let search: NeighborSearch
  /// The class of each training sample.
  package let labels: [Int32]
  public let classCount: Int
  private let neighborCount: Int
  private let weighting: KNearestNeighbors.Weighting
  private let isEuclidean: Bool

  init(
    search: NeighborSearch, labels: [Int32], classCount: Int, neighborCount: Int,
    weighting: KNearestNeighbors.Weighting, isEuclidean: Bool
  ) {
    self.search = search
    self.labels = labels
    self.classCount = classCount
    self.neighborCount = neighborCount
    self.weighting = weighting
    self.isEuclidean = isEuclidean
  }

  public var featureCount: Int { search.featureCount }

  public func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    var result = Matrix(rowCount: features.rowCount, columnCount: classCount)
    guard features.rowCount > 0 else { return result }
    result.withUnsafeMutableElements { output in
      nonisolated(unsafe) let output = output.baseAddress!
      search.forEachQuery(in: features, neighborCount: neighborCount, threads: threads) {
        count($1, into: output + $0 * classCount)
      }
    }
    return result
  }

  /// Turns neighbours into shares of their votes.
  private func count(_ nearest: Nearest, into shares: UnsafeMutablePointer<Double>) {
    let onlyZeros = weighting == .distance && nearest.distances[0] == 0
    var total = 0.0
    for index in 0..<neighborCount {
      let distance = nearest.distances[index]
      let vote =
        switch weighting {
        case .uniform: 1.0
        case .distance where onlyZeros: distance == 0 ? 1.0 : 0.0
        case .distance: 1 / (isEuclidean ? distance.squareRoot() : distance)
        }
      shares[Int(labels[Int(nearest.rows[index])])] += vote
      total += vote
    }
    for label in 0..<classCount { shares[label] /= total }
  }
}

import Classifiers
public import Evaluation
import LinearAlgebra

/// How sure the numbers of one split are: an interval for each, and a test for each pair of models.
public struct SplitStatistics: Codable, Hashable, Sendable {
  /// The share of cases in which an interval is to hold the true value.
  public let confidence: Double
  /// How many times the test rows were resampled.
  public let resamples: Int
  /// The seed of those draws.
  public let seed: UInt32
  public let models: [ModelIntervals]
  /// Every pair of models, in the order of the models.
  public let pairs: [PairTests]

  public func intervals(of model: String) -> MetricValues<BootstrapInterval>? {
    models.first { $0.name == model }?.validate
  }
}

/// The intervals of one model's metrics on the test rows.
public struct ModelIntervals: Codable, Hashable, Sendable {
  public let name: String
  /// Metrics that are not defined for the test rows have none.
  public let validate: MetricValues<BootstrapInterval>
}

/// What tests on the test rows say about two models.
public struct PairTests: Codable, Hashable, Sendable {
  public let first: String
  public let second: String
  /// Whether both err equally often.
  public let mcNemar: McNemarTest
  /// Its probability after Holm's correction over all pairs.
  public let mcNemarHolm: Double
  /// Whether both have the same area under the ROC curve; `nil` where that is not defined.
  public let deLong: DeLongTest?
  public let deLongHolm: Double?

  private enum CodingKeys: String, CodingKey {
    case first, second
    case mcNemar = "mcnemar"
    case mcNemarHolm = "mcnemar_p_holm"
    case deLong = "delong"
    case deLongHolm = "delong_p_holm"
  }
}

extension SplitStatistics {
  /// Resamples the test rows for every model's intervals, and tests every pair of models.
  ///
  /// - Parameters:
  ///   - runs: models judged on the same test rows.
  ///   - threads: how many threads may work; it never changes the result.
  public init(_ runs: [EvaluatedModel], bootstrap: MetricBootstrap, threads: Int) {
    let parts = Parallelism.map(runs.count, threads: threads) { index, _ in
      let run = runs[index]
      let areas = AreaInfluences(actual: run.test.labels, scores: run.probabilities)
      let intervals = bootstrap.intervals(
        actual: run.test.labels, predicted: run.predicted, probabilities: run.probabilities,
        areas: areas, stream: index)
      return (areas: areas, intervals: intervals)
    }
    confidence = bootstrap.confidence
    resamples = bootstrap.resamples
    seed = bootstrap.seed
    models = zip(runs, parts).map { ModelIntervals(name: $0.name, validate: $1.intervals) }

    let indices = runs.indices.flatMap { first in
      runs.indices.dropFirst(first + 1).map { (first, $0) }
    }
    let mcNemar = indices.map { first, second in
      McNemarTest(
        actual: runs[first].test.labels, first: runs[first].predicted,
        second: runs[second].predicted)
    }
    let deLong = indices.map { first, second -> DeLongTest? in
      guard let firstAreas = parts[first].areas, let secondAreas = parts[second].areas else {
        return nil
      }
      return DeLongTest(
        actual: runs[first].test.labels, first: firstAreas, second: secondAreas)
    }
    let mcNemarHolm = HolmCorrection.corrected(mcNemar.map(\.p))
    // Areas are defined for all models or for none, as the test rows are the same.
    let deLongHolm = HolmCorrection.corrected(deLong.compactMap { $0?.p })
    pairs = indices.enumerated().map { place, pair in
      PairTests(
        first: runs[pair.0].name, second: runs[pair.1].name, mcNemar: mcNemar[place],
        mcNemarHolm: mcNemarHolm[place], deLong: deLong[place],
        deLongHolm: deLong[place] == nil ? nil : deLongHolm[place])
    }
  }
}

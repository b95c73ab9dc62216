import Classifiers
public import Evaluation
import LinearAlgebra

extension SplitStatistics {
  /// Draws the test rows anew for every model's intervals, and tests every pair of models.
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

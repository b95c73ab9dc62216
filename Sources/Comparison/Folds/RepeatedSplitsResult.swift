public import Evaluation

/// The models' scores on the train/test splits of several seeds, and how often each is the best.
public struct RepeatedSplitsResult: Codable, Hashable, Sendable {
  /// How many divisions were asked for.
  public let count: Int
  /// The first division's, which is the run's own; each further one is one more.
  public let seed: UInt32
  /// How far a score may be from the best to count as near it.
  public let margin: Double
  public let models: [ModelDivisions]

  /// Scores that differ by no more are hard to care about.
  static let usualMargin = 0.001
}

/// One model's scores, division by division.
public struct ModelDivisions: Codable, Hashable, Sendable {
  public let name: String
  /// In the order of the seeds; those that a time budget skipped are missing.
  public let divisions: [DivisionScores]
  /// Of metrics that are defined in every finished division.
  public let mean: MetricValues<Double>
  /// The sample deviation, with one degree of freedom taken for the mean.
  public let deviation: MetricValues<Double>
  public let wins: MetricValues<Wins>

  private enum CodingKeys: String, CodingKey { case name, divisions, mean, deviation, wins }

  /// A notice about divisions without scores; `nil` if there are none.
  public var notice: String? { divisions.notice(of: name, "divisions") }
}

/// How often a model is the best by one metric.
public struct Wins: Codable, Hashable, Sendable {
  /// In how many divisions it has the best value, alone or together with others.
  public let best: Int
  /// In how many of the others its value is within the margin of the best.
  public let near: Int
  /// Of how many: those that every model has finished, and in which the metric is defined for one at least.
  public let divisions: Int
}

extension RepeatedSplitsResult {
  init(count: Int, seed: UInt32, scores: [(name: String, divisions: [DivisionScores])]) {
    self.count = count
    self.seed = seed
    margin = Self.usualMargin
    let finished = scores.map { Set($0.divisions.map(\.division)) }
    let shared = finished.dropFirst().reduce(finished.first ?? []) { $0.intersection($1) }
    let rows = scores.map { $0.divisions.filter { shared.contains($0.division) } }
    models = scores.enumerated().map { index, model in
      var wins = MetricValues<Wins>()
      for metric in Metric.allCases {
        let values = rows.map { $0.map { $0.scores[metric] } }
        wins[metric] = Wins(of: index, in: values, metric, margin: Self.usualMargin)
      }
      return ModelDivisions(name: model.name, divisions: model.divisions, wins: wins)
    }
  }
}

extension Wins {
  /// - Parameter values: per model, per division. `nil` where none has a value in any.
  fileprivate init?(
    of model: Int, in values: [[Double?]], _ metric: Metric, margin: Double
  ) {
    var (best, near, divisions) = (0, 0, 0)
    for division in values[model].indices {
      guard let top = metric.best(values.map { $0[division] }) else { continue }
      divisions += 1
      guard let own = values[model][division] else { continue }
      if own == top {
        best += 1
      } else if abs(own - top) <= margin * (1 + 1e-9) {
        // As written in decimals: 0.970 is within 0.001 of 0.971, whatever their difference is rounded to.
        near += 1
      }
    }
    guard divisions > 0 else { return nil }
    self.init(best: best, near: near, divisions: divisions)
  }
}

extension ModelDivisions {
  fileprivate init(name: String, divisions: [DivisionScores], wins: MetricValues<Wins>) {
    self.name = name
    self.divisions = divisions
    self.wins = wins
    var mean = MetricValues<Double>()
    var deviation = MetricValues<Double>()
    for metric in Metric.allCases {
      let scores = divisions.compactMap { $0.scores[metric] }
      guard !scores.isEmpty, scores.count == divisions.count else { continue }
      let moments = Moments(scores)
      mean[metric] = moments.mean
      deviation[metric] = moments.deviation
    }
    self.mean = mean
    self.deviation = deviation
  }

  /// Written with null for metrics whose mean is not defined.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let metrics = mean.shown(classCount: divisions.first?.confusionMatrix.classCount ?? 0)
    try container.encode(name, forKey: .name)
    try container.encode(divisions, forKey: .divisions)
    try mean.encode(to: container.superEncoder(forKey: .mean), metrics)
    try deviation.encode(to: container.superEncoder(forKey: .deviation), metrics)
    try container.encode(wins, forKey: .wins)
  }
}

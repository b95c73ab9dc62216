import Datasets
import LinearAlgebra
import Testing

@testable import Evaluation

extension Matrix {
  /// The column of the largest number of each row.
  fileprivate var likeliest: [Int] {
    (0..<rowCount).map { row in
      (0..<columnCount).reduce(0) { self[row, $1] > self[row, $0] ? $1 : $0 }
    }
  }
}

@Suite struct `Intervals of rows in groups` {
  /// Test rows of groups that differ in their share of the last class and in how often the model is right.
  private struct Sample {
    var actual: [Int] = []
    var groups: [Int] = []
    var shares: [Double] = []
    let classCount: Int
    let groupCount: Int

    init(groups groupCount: Int, classCount: Int, spread: Double, seed: UInt32) {
      (self.groupCount, self.classCount) = (groupCount, classCount)
      var twister = MersenneTwister(seed: seed)
      /// Nearly normal.
      func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + twister.nextUnit() } }
      for group in 0..<groupCount {
        let (lean, bias) = (normal() * spread, normal() * spread)
        for _ in 0..<Int(twister.next(upTo: 14)) + 1 {
          let scores = (0..<classCount).map { label in
            normal() + (label == classCount - 1 ? lean : 0)
          }
          let label = scores.indices.max { scores[$0] < scores[$1] } ?? 0
          actual.append(label)
          groups.append(group)
          let weights = scores.indices.map { other in
            var weight = 1.0
            let score = (other == label ? 1.2 : 0) + bias * Double(other % 2) + normal()
            for _ in 0..<3 { weight *= 1 + max(0.02, score + 2) }
            return weight
          }
          let sum = weights.reduce(0, +)
          shares += weights.map { $0 / sum }
        }
      }
    }

    var probabilities: Matrix {
      Matrix(rowCount: actual.count, columnCount: classCount, elements: shares)
    }
    var sampleGroups: SampleGroups { SampleGroups(ofSample: groups, count: groupCount) }
    var names: [String] { (0..<classCount).map { "c\($0)" } }

    func report(without group: Int?) -> ClassificationReport {
      let kept = actual.indices.filter { groups[$0] != group }
      let rows = probabilities.rows(kept)
      return ClassificationReport(
        actual: kept.map { actual[$0] }, predicted: rows.likeliest, probabilities: rows,
        classNames: names)
    }

    var jackknife: GroupJackknife {
      GroupJackknife(
        actual: actual, predicted: probabilities.likeliest, classCount: classCount,
        losses: actual.indices.map { LogLoss.of(probabilities[$0, actual[$0]]) },
        areas: AreaInfluences(actual: actual, scores: probabilities),
        scores: { probabilities.column($0) }, groups: sampleGroups)
    }

    var intervals: MetricValues<MetricInterval> {
      MetricIntervals(draws: 10).intervals(
        actual: actual, predicted: probabilities.likeliest, probabilities: probabilities,
        classNames: names, areas: AreaInfluences(actual: actual, scores: probabilities),
        groups: sampleGroups, stream: 0)
    }
  }

  @Test(arguments: [2, 3, 5], [1, 2, 3] as [UInt32])
  func `the jackknife gives each metric without each group`(classCount: Int, seed: UInt32) throws {
    let sample = Sample(groups: 40, classCount: classCount, spread: 1, seed: seed)
    let jackknife = sample.jackknife
    for metric in Metric.shown(classCount: classCount) {
      let values = try #require(jackknife.values(of: metric), "\(metric)")
      for group in 0..<sample.groupCount {
        let slow = try #require(sample.report(without: group)[metric])
        #expect(abs(values[group] - slow) < 1e-12, "\(metric) without group \(group), seed \(seed)")
      }
    }
  }

  @Test func `groups of one row give the standard error of independent rows`() {
    let hits = (0..<200).map { Double($0 % 5 == 0 ? 0 : 1) }
    let total = hits.reduce(0, +)
    let error = GroupJackknife.error(hits.map { (total - $0) / 199 })
    // The deviation of a mean, by the usual formula.
    #expect(abs(error.standardError - Moments(hits).deviation / 200.0.squareRoot()) < 1e-12)
    // Σd² is 200·0.16, and Σd⁴ 160·0.2⁴ + 40·0.8⁴ = 16.64.
    #expect(abs(error.degreesOfFreedom - 32 * 32 / 16.64) < 1e-6)
  }

  /// Coverage is to be at least 0.92; of 300 samples, 0.95 is found as 0.92 to 0.98.
  @Test(arguments: [30, 80])
  func `intervals hold the true value in at least 92 of 100 samples`(groupCount: Int) {
    let truth = Sample(groups: 20_000, classCount: 2, spread: 0.8, seed: 1).report(without: nil)
    let samples = 300
    var held: [Metric: Int] = [:]
    for seed in 0..<samples {
      let sample = Sample(
        groups: groupCount, classCount: 2, spread: 0.8, seed: UInt32(1000 + seed))
      let intervals = sample.intervals
      for metric in Metric.shown(classCount: 2) {
        guard let interval = intervals[metric]?.interval, let value = truth[metric] else {
          continue
        }
        if interval.lower <= value, value <= interval.upper { held[metric, default: 0] += 1 }
      }
    }
    for metric in Metric.shown(classCount: 2) {
      let coverage = Double(held[metric] ?? 0) / Double(samples)
      #expect(coverage >= 0.92, "\(metric), \(groupCount) groups")
    }
  }

  @Test func `intervals are wider than those of independent rows`() throws {
    let sample = Sample(groups: 60, classCount: 2, spread: 1.5, seed: 4)
    let own = try #require(sample.intervals[.accuracy]?.interval)
    #expect(sample.intervals[.accuracy]?.method == .groupJackknife)
    let independent = MetricIntervals(draws: 10).intervals(
      actual: sample.actual, predicted: sample.probabilities.likeliest,
      probabilities: sample.probabilities, classNames: sample.names, areas: nil, stream: 0)
    #expect(own.width > 1.2 * (independent[.accuracy]?.interval?.width ?? 1))
  }

  @Test func `too few groups have no interval but a reason`() {
    let sample = Sample(groups: 9, classCount: 2, spread: 1, seed: 1)
    for metric in [Metric.accuracy, .f1, .rocAUC, .logLoss] {
      #expect(sample.intervals[metric]?.interval == nil)
      #expect(sample.intervals[metric]?.reason?.hasSuffix("groups, an interval needs 10") == true)
    }
  }

  @Test func `a model without mistakes is judged by its number of groups`() throws {
    let actual = (0..<60).map { $0 % 2 }
    let shares = actual.flatMap { $0 == 0 ? [0.9, 0.1] : [0.1, 0.9] }
    let probabilities = Matrix(rowCount: 60, columnCount: 2, elements: shares)
    let intervals = MetricIntervals(draws: 10).intervals(
      actual: actual, predicted: actual, probabilities: probabilities, classNames: ["a", "b"],
      areas: AreaInfluences(actual: actual, scores: probabilities),
      groups: SampleGroups(ofSample: (0..<60).map { $0 / 4 }, count: 15), stream: 0)
    let accuracy = try #require(intervals[.accuracy]?.interval)
    // Fifteen of fifteen: 0.025^(1/15).
    #expect(abs(accuracy.lower - 0.7819806) < 1e-6)
    #expect(accuracy.upper == 1)
    #expect(intervals[.rocAUC]?.reason == "no group makes a difference to it")
  }

  @Test func `a lead is less sure where rows come in groups`() throws {
    let old = Sample(groups: 50, classCount: 2, spread: 1, seed: 5)
    var shares = old.shares
    // The new model is better in whole groups.
    for row in old.actual.indices where old.groups[row] % 5 == 0 {
      shares[2 * row + old.actual[row]] = 0.9
      shares[2 * row + 1 - old.actual[row]] = 0.1
    }
    let new = Matrix(rowCount: old.actual.count, columnCount: 2, elements: shares)
    func lead(_ metric: Metric, _ groups: SampleGroups?) -> PairedLead? {
      try? PairedLead(
        by: metric, actual: old.actual, classNames: old.names, groups: groups,
        old: .init(labels: old.probabilities.likeliest, probabilities: old.probabilities),
        new: .init(labels: new.likeliest, probabilities: new))
    }
    for metric in [Metric.accuracy, .f1, .rocAUC, .logLoss] {
      let grouped = try #require(lead(metric, old.sampleGroups))
      let independent = try #require(lead(metric, nil))
      #expect(grouped.lead == independent.lead)
      #expect(grouped.standardError > independent.standardError, "\(metric)")
      #expect(grouped.degreesOfFreedom <= 49)
    }
  }
}

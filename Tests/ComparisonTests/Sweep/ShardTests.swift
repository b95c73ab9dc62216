import Classifiers
import TestSupport
import Testing

@testable import Comparison

@Suite struct `The shards of a plan` {
  @Test(arguments: 0..<300)
  func `shards cover every run once, and share the cost evenly`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let costs = (0..<Int.random(in: 1...200, using: &generator)).map { _ in
      // Over four orders of magnitude, as forests and naive Bayes are apart.
      Double.random(in: 1...10, using: &generator) * [1, 10, 1000][seed % 3]
    }
    let count = Int.random(in: 1...250, using: &generator)
    var next = 0
    let share = costs.reduce(0, +) / Double(count)
    let largest = try #require(costs.max())
    for index in 1...count {
      let range = try #require(Shard(index: index, count: count)).range(of: costs)
      #expect(range.isEmpty || range.lowerBound == next, "shard \(index) of \(count)")
      next = max(next, range.upperBound == costs.count && range.isEmpty ? next : range.upperBound)
      let cost = costs[range].reduce(0, +)
      #expect(abs(cost - share) <= largest * (1 + 1e-9), "shard \(index) of \(count): \(cost)")
    }
    #expect(next == costs.count)
  }

  @Test func `shards are equal where all runs cost the same`() throws {
    for count in 1...12 {
      let sizes = (1...count).compactMap { index in
        Shard(index: index, count: count)?.range(of: [Double](repeating: 3, count: 60)).count
      }
      #expect(sizes.reduce(0, +) == 60)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= (60 % count == 0 ? 0 : 1), "\(sizes)")
    }
  }

  @Test func `the shards of a plan are the same on every machine`() throws {
    var grid = ParameterGrid(.randomForest)
    try grid.set(typed: "n_estimators=10,100,1000")
    try grid.set(typed: "max_depth=2,8,none")
    let plan = try SweepPlan.sample(
      grids: [grid, ParameterGrid(.gaussianNaiveBayes)], seeds: "1...7", rows: 53_940)
    let estimate = try CostEstimate(plan)
    #expect(estimate.seconds.allSatisfy { $0 > 0 && $0.isFinite })
    // Golden: another division would leave out runs where machines of two versions share a sweep.
    let ends = (1...4).compactMap { index in
      Shard(index: index, count: 4).map { plan.runs(of: $0, estimate).upperBound }
    }
    #expect(ends == ends.sorted() && ends.last == plan.runCount)
    let costs = (1...4).compactMap { index in
      Shard(index: index, count: 4).map {
        estimate.total(plan.runs(of: $0, estimate), of: plan)
      }
    }
    let sum = costs.reduce(0, +)
    #expect(abs(sum - estimate.total(0..<plan.runCount, of: plan)) < sum * 0.02)
  }

  @Test(arguments: ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/2", "1/ 2"])
  func `a shard is refused unless it is an index and a count`(text: String) {
    #expect(Shard(parsing: text) == nil)
  }

  @Test func `runs cost more with more trees, levels, features and neighbours`() throws {
    func seconds(_ algorithm: Algorithm, _ setting: String) throws -> [Double] {
      var grid = ParameterGrid(algorithm)
      try grid.set(typed: setting)
      return try CostEstimate(try SweepPlan.sample(grids: [grid], rows: 10_000)).seconds
    }
    for (algorithm, setting) in [
      (Algorithm.randomForest, "n_estimators=1,10,100"), (.randomForest, "max_depth=1,2,8,none"),
      (.randomForest, "max_features=1,2,3"), (.decisionTree, "max_leaf_nodes=2,8,64,none"),
      (.decisionTree, "class_weight=none,balanced"), (.kNearestNeighbors, "n_neighbors=1,5,50"),
      (.randomForest, "max_samples=10,1000,none"),
    ] {
      let costs = try seconds(algorithm, setting)
      #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 < $1 }, "\(setting): \(costs)")
    }
  }
}

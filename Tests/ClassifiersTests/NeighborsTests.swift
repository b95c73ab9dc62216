import Classifiers
import Datasets
import LinearAlgebra
import TestSupport
import Testing

@Suite struct `Nearest neighbours` {
  @Test func `neighbours vote by their number, or by the inverse of their distance`() throws {
    // Distances from 0 are 1, 2 and 4, of classes 0, 1, 1.
    let dataset = table([[1], [2], [-4]], labels: [0, 1, 1])
    let query = Matrix(rowCount: 1, columnCount: 1, elements: [0])
    let uniform = try KNearestNeighbors(neighborCount: 3).fit(dataset).probabilities(for: query)
    #expect(abs(uniform[0, 0] - 1.0 / 3) < 1e-15)
    var classifier = KNearestNeighbors(neighborCount: 3)
    classifier.weighting = .distance
    // Votes are 1, 1/2 and 1/4.
    let weighted = try classifier.fit(dataset).probabilities(for: query)
    #expect(abs(weighted[0, 0] - 1 / 1.75) < 1e-15)
    // At distance zero nobody else is asked.
    let same = try classifier.fit(dataset).probabilities(for: dataset.features)
    #expect(same.elements == [1, 0, 0, 1, 0, 1])
  }

  @Test func `of few equally distant neighbours the first samples count`() throws {
    let dataset = table([[1], [-1], [1], [-1]], labels: [1, 0, 0, 0])
    let query = Matrix(rowCount: 1, columnCount: 1, elements: [0])
    #expect(try KNearestNeighbors(neighborCount: 1).fit(dataset).predictions(for: query) == [1])
    // One vote each: the lower class.
    #expect(try KNearestNeighbors(neighborCount: 2).fit(dataset).predictions(for: query) == [0])
  }

  @Test(arguments: 1...40)
  func `the neighbours are those that measuring all distances finds`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let samples = Int.random(in: 1...150, using: &generator)
    let features = Int.random(in: 1...12, using: &generator)
    // From two values a column, which makes nothing but ties and duplicates, to nearly none.
    let distinct = [2, 3, 5, 40, 10_000].randomElement(using: &generator)!
    let dataset = randomDataset(
      samples: samples, features: features, classes: 3, distinctValues: distinct,
      seed: UInt64(seed))
    let others = randomDataset(
      samples: 30, features: features, classes: 3, distinctValues: distinct,
      seed: UInt64(seed + 1000))
    for (power, points) in [(1, others.features), (2, others.features), (2, dataset.features)] {
      let order = naiveOrder(of: dataset, around: points, power: power)
      for (count, weighting) in [
        (1, KNearestNeighbors.Weighting.uniform), (min(5, samples), .uniform),
        (min(7, samples), .distance), (samples, .distance),
      ] {
        var classifier = KNearestNeighbors(neighborCount: count)
        classifier.power = power
        classifier.weighting = weighting
        let actual = try classifier.fit(dataset, threads: 2).probabilities(for: points, threads: 2)
        for (query, order) in order.enumerated() {
          // Which of equally near samples count is what the reference values tell.
          if count < samples, order[count - 1].distance == order[count].distance { continue }
          let expected = naiveShares(order.prefix(count), dataset, weighting)
          let gap = zip(actual.row(query), expected).map { abs($0 - $1) }.max() ?? 0
          #expect(gap < 1e-12, "seed \(seed), k \(count), p \(power), \(weighting)")
        }
      }
    }
  }

  @Test func `the number of neighbours must be from one to the number of samples`() {
    let dataset = table([[1], [2]], labels: [0, 1])
    #expect(throws: FitError.self) { try KNearestNeighbors(neighborCount: 3).fit(dataset) }
    #expect(throws: ParameterError.self) { try KNearestNeighbors(neighborCount: 0).fit(dataset) }
  }

  /// For each query all samples with their distances, nearest first and equally near ones by row: a
  /// double loop and a sort.
  private func naiveOrder(
    of dataset: Dataset, around queries: Matrix, power: Int
  ) -> [[(row: Int, distance: Double)]] {
    let samples = (0..<dataset.sampleCount).map { Array(dataset.features.row($0)) }
    return (0..<queries.rowCount).map { query in
      let query = Array(queries.row(query))
      let distances = samples.map { sample in
        var sum = 0.0
        for feature in query.indices {
          let gap = query[feature] - sample[feature]
          sum += power == 1 ? abs(gap) : gap * gap
        }
        return sum
      }
      // Before the square root, which may make two distances one.
      return distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
        .map { ($0, power == 1 ? distances[$0] : distances[$0].squareRoot()) }
    }
  }

  /// Each class's share of the votes.
  private func naiveShares(
    _ nearest: ArraySlice<(row: Int, distance: Double)>, _ dataset: Dataset,
    _ weighting: KNearestNeighbors.Weighting
  ) -> [Double] {
    let hasZero = nearest.contains { $0.distance == 0 }
    var votes = [Double](repeating: 0, count: dataset.classCount)
    for (row, distance) in nearest {
      let vote: Double =
        switch weighting {
        case .uniform: 1
        case .distance: hasZero ? (distance == 0 ? 1 : 0) : 1 / distance
        }
      votes[dataset.labels[row]] += vote
    }
    let total = votes.reduce(0, +)
    return votes.map { $0 / total }
  }

  private func table(_ rows: [[Double]], labels: [Int]) -> Dataset {
    Dataset(
      features: Matrix(
        rowCount: rows.count, columnCount: rows[0].count, elements: rows.flatMap(\.self)),
      labels: labels, featureNames: rows[0].indices.map { "feature \($0)" },
      classNames: ["a", "b"])
  }
}

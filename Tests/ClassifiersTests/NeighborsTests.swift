import Classifiers
import Datasets
import LinearAlgebra
import TestSupport
import Testing

@Suite struct `Nearest neighbours` {
  @Test func `vote by number, or by the inverse of their distance`() throws {
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

  @Test func `are the ones that came first where distances are equal`() throws {
    let dataset = table([[1], [-1], [1], [-1]], labels: [1, 0, 0, 0])
    let query = Matrix(rowCount: 1, columnCount: 1, elements: [0])
    #expect(try KNearestNeighbors(neighborCount: 1).fit(dataset).predictions(for: query) == [1])
    // One vote each: the lower class.
    #expect(try KNearestNeighbors(neighborCount: 2).fit(dataset).predictions(for: query) == [0])
  }

  @Test(arguments: 1...60)
  func `are those that measuring all distances finds`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let samples = Int.random(in: 1...400, using: &generator)
    let features = Int.random(in: 1...12, using: &generator)
    // From two values a column, which makes nothing but ties and duplicates, to nearly none.
    let distinct = [2, 3, 5, 40, 10_000].randomElement(using: &generator)!
    let dataset = randomDataset(
      samples: samples, features: features, classes: 3, distinctValues: distinct,
      seed: UInt64(seed))
    let queries = randomDataset(
      samples: 60, features: features, classes: 3, distinctValues: distinct,
      seed: UInt64(seed + 1000)
    ).features
    for count in Set([1, min(5, samples), samples]) {
      for power in [1, 2] {
        for weighting in KNearestNeighbors.Weighting.allCases {
          var classifier = KNearestNeighbors(neighborCount: count)
          classifier.power = power
          classifier.weighting = weighting
          let model = try classifier.fit(dataset, threads: 2)
          for points in [queries, dataset.features] {
            let actual = model.probabilities(for: points, threads: 2)
            let expected = naiveShares(classifier, dataset, points)
            let gap = zip(actual.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0
            #expect(gap < 1e-12, "seed \(seed), k \(count), p \(power), \(weighting)")
          }
        }
      }
    }
  }

  @Test func `must not be more than there are samples, nor fewer than one`() {
    let dataset = table([[1], [2]], labels: [0, 1])
    #expect(throws: FitError.self) { try KNearestNeighbors(neighborCount: 3).fit(dataset) }
    #expect(throws: ParameterError.self) { try KNearestNeighbors(neighborCount: 0).fit(dataset) }
  }

  /// A double loop over queries and samples, then a sort by distance and row.
  private func naiveShares(
    _ classifier: KNearestNeighbors, _ dataset: Dataset, _ queries: Matrix
  ) -> Matrix {
    var shares = Matrix(rowCount: queries.rowCount, columnCount: dataset.classCount)
    for query in 0..<queries.rowCount {
      let distances = (0..<dataset.sampleCount).map { sample in
        (0..<dataset.featureCount).reduce(0.0) { sum, feature in
          let gap = queries[query, feature] - dataset.features[sample, feature]
          return sum + (classifier.power == 1 ? abs(gap) : gap * gap)
        }
      }
      let nearest = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
        .prefix(classifier.neighborCount)
      let hasZero = nearest.contains { distances[$0] == 0 }
      var total = 0.0
      for sample in nearest {
        let distance = classifier.power == 1 ? distances[sample] : distances[sample].squareRoot()
        let vote =
          switch classifier.weighting {
          case .uniform: 1.0
          case .distance: hasZero ? (distance == 0 ? 1.0 : 0.0) : 1 / distance
          }
        shares[query, dataset.labels[sample]] += vote
        total += vote
      }
      for label in 0..<dataset.classCount { shares[query, label] /= total }
    }
    return shares
  }

  private func table(_ rows: [[Double]], labels: [Int]) -> Dataset {
    Dataset(
      features: Matrix(
        rowCount: rows.count, columnCount: rows[0].count, elements: rows.flatMap(\.self)),
      labels: labels, featureNames: rows[0].indices.map { "feature \($0)" },
      classNames: ["a", "b"])
  }
}

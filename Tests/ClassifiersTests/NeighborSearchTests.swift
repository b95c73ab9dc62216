import Datasets
import LinearAlgebra
import Support
import TestSupport
import Testing

@testable import Classifiers

/// Every search must find what the plain double loop finds, ties included.
@Suite struct `Search for neighbours` {
  @Test(arguments: 0..<28)
  func `the search finds the neighbours that a double loop finds`(seed: Int) {
    var random = MersenneTwister(seed: UInt32(seed))
    let width = [1, 2, 3, 9, 20, 24, 40][seed % 7]
    let count = 1 + Int(random.next(upTo: 600))
    // Few distinct values make equal samples and equal distances.
    let distinct = [2, 5, 40, 1 << 20][seed % 4]
    let samples = matrix(count, width, distinct, &random)
    let queries = matrix(12, width, distinct, &random)
    check(samples, queries, "seed \(seed)")
  }

  @Test(arguments: [1e-200, 1e-30, 1e30, 1e160, 1e300])
  func `the search is exact where numbers are tiny or huge`(size: Double) {
    var random = MersenneTwister(seed: 5)
    let samples = scaled(matrix(500, 3, 30, &random), by: size)
    check(samples, scaled(matrix(12, 3, 60, &random), by: size), "size \(size)")
    check(
      scaled(matrix(400, 24, 30, &random), by: size), scaled(matrix(4, 24, 60, &random), by: size),
      "24 features of size \(size)")
    check(samples, scaled(matrix(10, 3, 60, &random), by: size * 1e6), "far queries")
    check(samples, matrix(10, 3, 60, &random), "other queries")
  }

  @Test
  func `the search is exact where all samples are equal, lie on a line, or lie far from zero`() {
    var random = MersenneTwister(seed: 6)
    let equal = Matrix(rowCount: 1000, columnCount: 4, repeating: 7)
    check(equal, matrix(5, 4, 3, &random), "equal")
    check(equal, Matrix(rowCount: 1, columnCount: 4, repeating: 7), "equal to the query")
    let line = Matrix(
      rowCount: 700, columnCount: 2, elements: (0..<1400).map { Double($0 / 2 * ($0 % 2)) })
    check(line, matrix(20, 2, 900, &random), "line")
    let far = Matrix(
      rowCount: 600, columnCount: 2,
      elements: (0..<1200).map { _ in 1e9 + Double(random.next(upTo: 50)) / 7 })
    check(far, far.rows(Array(0..<30)), "far from zero")
  }

  /// More samples than there is room for are then as near as any.
  @Test func `the search is exact where single precision cannot tell samples apart`() {
    var random = MersenneTwister(seed: 7)
    var elements = (0..<3000).map { _ in 1 + Double(random.next(upTo: 5000)) * 1e-13 }
    elements[1234] = -1
    let samples = Matrix(rowCount: 3000, columnCount: 1, elements: elements)
    check(
      samples, Matrix(rowCount: 4, columnCount: 1, elements: [1, 1 + 2e-10, 1 + 1e-9, -3]),
      "close together")
    let wide = Matrix(
      rowCount: 1000, columnCount: 3, elements: elements.flatMap { [$0, 2 - $0] }.prefix(3000) + [])
    check(wide, wide.rows(Array(0..<40)), "close together in three features")
  }

  /// Only queries that a search leaves open go through scikit-learn's: it must leave open all that matter.
  @Test(arguments: 0..<60)
  func `ties are settled as if every query had been searched in scikit-learn's order`(seed: Int) {
    var random = MersenneTwister(seed: UInt32(seed))
    let width = [1, 2, 3, 9, 20, 24, 40][seed % 7]
    let count = 2 + Int(random.next(upTo: 400))
    let distinct = [2, 5, 40, 1 << 20][seed % 4]
    // Sums of these values are rounded.
    let samples = scaled(matrix(count, width, distinct, &random), by: 0.7)
    let queries = scaled(matrix(12, width, distinct, &random), by: 0.7)
    let leafSize = [1, 7, 30][seed % 3]
    let neighborCount = [1, 5, 1 + count / 2, count][seed / 3 % 4]
    // A class for each sample, so that every choice matters, or few classes.
    let labels = (0..<count).map { Int32(seed % 5 == 0 ? $0 / (1 + count / 3) : $0) }
    for (rule, distance) in [
      (TieOrder.Rule.tree(.boxes, leafSize: leafSize), Distance.euclidean),
      (.tree(.boxes, leafSize: leafSize), .manhattan),
      (.tree(.balls, leafSize: leafSize), .euclidean),
      (.tree(.balls, leafSize: leafSize), .manhattan), (.products, .euclidean),
    ] {
      let ties = TieOrder(rule, needsDistances: seed % 2 == 0, labels: labels)
      let search = NeighborSearch(samples, distance: distance, ties: ties, threads: 2)
      let reference = ties.search(samples, distance, threads: 1)
      let found = Mutex([[Int32]](repeating: [], count: queries.rowCount))
      search.forEachQuery(in: queries, neighborCount: neighborCount, threads: 2) { row, nearest in
        let votes = (0..<neighborCount).map { labels[Int(nearest.rows[$0])] }.sorted()
        found.withLock { $0[row] = votes }
      }
      queries.elements.withUnsafeBufferPointer { elements in
        reference.search(
          Array(0..<queries.rowCount)[...], of: elements.baseAddress!,
          neighborCount: neighborCount
        ) { row, nearest in
          nearest.assertInvariants()
          let votes = (0..<neighborCount).map { labels[Int(nearest.rows[$0])] }.sorted()
          #expect(
            found.withLock { $0[row] } == votes,
            "seed \(seed), \(rule), \(distance), \(neighborCount) neighbours")
        }
      }
    }
  }

  private func matrix(
    _ rows: Int, _ columns: Int, _ distinct: Int, _ random: inout MersenneTwister
  ) -> Matrix {
    Matrix(
      rowCount: rows, columnCount: columns,
      elements: (0..<rows * columns).map { _ in
        Double(random.next(upTo: UInt32(distinct))) / Double(distinct) * 6 - 3
      })
  }

  private func scaled(_ matrix: Matrix, by factor: Double) -> Matrix {
    Matrix(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount,
      elements: matrix.elements.map { $0 * factor })
  }

  private func check(_ samples: Matrix, _ queries: Matrix, _ comment: String) {
    let counts = [1, 5, 300].filter { $0 <= samples.rowCount }
    for distance in [Distance.euclidean, .manhattan] {
      let expected = (0..<queries.rowCount).map { row in
        order(of: samples, around: Array(queries.row(row)), distance)
      }
      let search = NeighborSearch(samples, distance: distance, threads: 2)
      for count in counts {
        let found = Mutex([[Int32]](repeating: [], count: queries.rowCount))
        search.forEachQuery(in: queries, neighborCount: count, threads: 2) { row, nearest in
          let rows = Array(UnsafeBufferPointer(start: nearest.rows, count: count))
          found.withLock { $0[row] = rows }
        }
        #expect(
          found.withLock { $0 } == expected.map { Array($0.prefix(count)) },
          "\(comment), \(distance), \(count) neighbours")
      }
    }
  }

  /// All rows, nearest first, by the plain double loop.
  private func order(
    of samples: Matrix, around query: [Double], _ distance: Distance
  ) -> [Int32] {
    var distances = [Double](repeating: 0, count: samples.rowCount)
    samples.elements.withUnsafeBufferPointer { values in
      for row in distances.indices {
        for feature in query.indices {
          let rest = values[row * query.count + feature] - query[feature]
          distances[row] += distance == .euclidean ? rest * rest : abs(rest)
        }
      }
    }
    return distances.indices.sorted { first, second in
      distances[first] < distances[second]
        || (distances[first] == distances[second] && first < second)
    }.map { Int32($0) }
  }
}

@Suite struct `The leaves of samples` {
  /// Sums of twelve random numbers each, nearly normal.
  private func rows(_ count: Int, _ features: Int) -> [Float] {
    var random = MersenneTwister(seed: 8)
    return (0..<count * features).map { _ in
      let sum: UInt32 = (0..<12).reduce(0) { sum, _ in sum + UInt32(random.next(upTo: 1000)) }
      return Float(sum) / 1000 - 6
    }
  }

  @Test func `samples are divided where boxes keep some away, which they do for few features`() {
    #expect(!SampleTree.isUseless(rows(20_000, 3), featureCount: 3))
    #expect(!SampleTree.isUseless(rows(20_000, 6), featureCount: 6))
    #expect(SampleTree.isUseless(rows(20_000, 24), featureCount: 24))
    // Many features that follow from three.
    let narrow = rows(20_000, 3)
    let wide = (0..<20_000 * 30).map { place -> Float in
      let factor = Float(place % 7 + 1)
      return narrow[place / 30 * 3 + place % 3] * factor
    }
    #expect(!SampleTree.isUseless(wide, featureCount: 30))
  }

  @Test func `equal values stay together where both halves keep a fifth`() {
    // Codes 0, 1 and 2 for 30, 40 and 30 of 100 samples, and a feature that varies little.
    let codes: [Float] = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    let rows = (0..<1000).flatMap { row -> [Float] in [codes[row % 10], Float(row) / 10_000] }
    let tree = SampleTree(rows, featureCount: 2, threads: 2)
    tree.assertInvariants()
    #expect(tree.nodes[0].feature == 0)
    #expect([0.5, 1.5].contains(tree.nodes[0].value))
    #expect([300, 700].contains(tree.nodes[1].sampleCount))
  }

  @Test func `samples that single precision cannot tell apart are divided too`() {
    let tree = SampleTree([Float](repeating: 0.25, count: 1000), featureCount: 1, threads: 1)
    tree.assertInvariants()
    for leaf in 0..<tree.leafCount {
      #expect(tree.items(ofLeaf: leaf).count <= SampleTree.leafSize)
    }
  }
}

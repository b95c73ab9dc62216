import Datasets
import LinearAlgebra
import TestSupport
import Testing

@testable import Classifiers

/// Every search must find what the plain double loop finds, ties included.
@Suite struct `Search for neighbours` {
  @Test(arguments: 0..<40)
  func `finds what the double loop finds`(seed: Int) {
    var random = MersenneTwister(seed: UInt32(seed))
    let width = [1, 2, 3, 5, 9, 20, 33][seed % 7]
    let count = 1 + Int(random.next(upTo: 900))
    // Few distinct values make equal samples and equal distances.
    let distinct = [2, 5, 40, 1 << 20][seed % 4]
    let samples = matrix(count, width, distinct, &random)
    let queries = matrix(60, width, distinct, &random)
    check(samples, queries, "seed \(seed)")
  }

  @Test(arguments: [1e-200, 1e-30, 1e30, 1e160, 1e300])
  func `keeps to it where numbers are tiny or huge`(size: Double) {
    var random = MersenneTwister(seed: 5)
    let samples = scaled(matrix(500, 3, 30, &random), by: size)
    check(samples, scaled(matrix(40, 3, 60, &random), by: size), "size \(size)")
    check(samples, scaled(matrix(10, 3, 60, &random), by: size * 1e6), "far queries")
    check(samples, matrix(10, 3, 60, &random), "other queries")
  }

  @Test func `keeps to it where all samples are equal, or lie on a line, or far from zero`() {
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
    check(far, far, "far from zero")
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
    for distance in [Distance.euclidean, .manhattan] {
      for neighborCount in [1, 5, 300] where neighborCount <= samples.rowCount {
        let search = NeighborSearch(samples, distance: distance, threads: 2)
        nonisolated(unsafe) let found = UnsafeMutablePointer<[Int32]>.allocate(
          capacity: queries.rowCount)
        found.initialize(repeating: [], count: queries.rowCount)
        search.forEachQuery(in: queries, neighborCount: neighborCount, threads: 2) {
          found[$0] = Array(UnsafeBufferPointer(start: $1.rows, count: neighborCount))
        }
        for query in 0..<queries.rowCount {
          let expected = nearest(
            to: Array(queries.row(query)), in: samples, distance, count: neighborCount)
          #expect(found[query] == expected, "\(comment), \(distance), \(neighborCount), \(query)")
        }
        found.deinitialize(count: queries.rowCount)
        found.deallocate()
      }
    }
  }

  /// The plain double loop.
  private func nearest(
    to query: [Double], in samples: Matrix, _ distance: Distance, count: Int
  ) -> [Int32] {
    let distances = (0..<samples.rowCount).map { row in
      zip(samples.row(row), query).reduce(0.0) { sum, pair in
        let rest = pair.0 - pair.1
        return sum + (distance == .euclidean ? rest * rest : abs(rest))
      }
    }
    let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
    return order.prefix(count).map { Int32($0) }
  }
}

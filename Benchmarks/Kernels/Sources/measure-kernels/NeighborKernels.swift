@testable import Classifiers
@testable import Datasets
@testable import LinearAlgebra

/// What finds neighbours, and naive Bayes.
struct NeighborKernels {
  private let data: PreparedData

  init(_ data: PreparedData) { self.data = data }

  var all: [Kernel] { [distinct, build, search, exact, products, bayes].compactMap(\.self) }

  private var samples: Matrix { data.training.features }

  private var distinct: Kernel {
    Kernel(name: "find equal samples", element: "sample", count: samples.rowCount) {
      DistinctSamples(samples).firstRows.count
    }
  }

  private var build: Kernel {
    let rows = SinglePrecision(samples).converted(
      samples, rows: DistinctSamples(samples).firstRows)
    return Kernel(
      name: "divide samples into leaves", element: "sample", count: rows.count / samples.columnCount
    ) {
      SampleTree(rows, featureCount: samples.columnCount, threads: 1).leafCount
    }
  }

  private var search: Kernel {
    let search = LeafSearch(samples, distance: .euclidean, threads: 1)
    let queries = data.test.features
    return Kernel(
      name: "find five neighbours", element: "query", count: queries.rowCount
    ) {
      nonisolated(unsafe) var sum = 0.0
      search.forEachQuery(in: queries, neighborCount: 5, threads: 1) { _, nearest in
        sum += nearest.distances[0]
      }
      return Int(sum)
    }
  }

  private var exact: Kernel {
    let width = samples.columnCount
    return Kernel(
      name: "measure distances in double precision", element: "distance", count: samples.rowCount
    ) {
      samples.elements.withUnsafeBufferPointer { values in
        guard let start = values.baseAddress else { return 0 }
        var sum = 0.0
        for row in 0..<samples.rowCount {
          sum += exactDistance(start, start + row * width, width, .euclidean)
        }
        return Int(sum)
      }
    }
  }

  /// As the search takes them for a leaf and as many queries as it has samples.
  private var products: Kernel {
    let (rows, columns, inner) = (64, 64, 10)
    let left = [Float](repeating: 0.5, count: rows * inner)
    let right = [Float](repeating: 0.25, count: inner * columns)
    var result = [Float](repeating: 0, count: rows * columns)
    return Kernel(
      name: "products by BLAS, 64 × 64 samples of 9 features", element: "distance",
      count: rows * columns
    ) {
      result.withUnsafeMutableBufferPointer { result in
        BLAS.product(
          rows: rows, columns: columns, inner: inner, left, stride: inner, right,
          result.baseAddress!)
      }
      return Int(result[0])
    }
  }

  private var bayes: Kernel? {
    guard let model = try? GaussianNaiveBayes().fit(data.training, threads: 1) else { return nil }
    let rows = data.test.features
    return Kernel(name: "naive Bayes", element: "row", count: rows.rowCount) {
      model.probabilities(for: rows, threads: 1).rowCount
    }
  }
}

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
      name: "build the tree of boxes", element: "sample", count: rows.count / samples.columnCount
    ) {
      BoxTree(rows, featureCount: samples.columnCount, threads: 1).boxCounts.count
    }
  }

  private var search: Kernel {
    let search = BoxSearch(
      samples, DistinctSamples(samples), SinglePrecision(samples), distance: .euclidean,
      threads: 1)
    let queries = data.test.features
    return Kernel(
      name: "find five neighbours by boxes", element: "query", count: queries.rowCount
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

  /// As the search by products takes them, where samples have many features.
  private var products: Kernel {
    let (rows, columns, width) = (64, 2048, 50)
    let left = [Float](repeating: 0.5, count: rows * width)
    let right = [Float](repeating: 0.25, count: columns * width)
    var result = [Float](repeating: 0, count: rows * columns)
    return Kernel(
      name: "products by BLAS, 64 × 2048 samples of 50 features", element: "distance",
      count: rows * columns
    ) {
      result.withUnsafeMutableBufferPointer { result in
        BLAS.productWithTransposed(
          rows: rows, columns: columns, inner: width, alpha: -2, left, right,
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

import LinearAlgebra

/// Finds the nearest samples through a ``BoxTree``.
///
/// A query starts in the group of leaves in whose midst it lies, and goes on from the outermost boxes down
/// into those that are not too far. Sixteen approximate distances are taken at once, and
/// the nearest by these say how far a sample may be. In the end those that may be among the nearest are
/// measured again in double precision, feature by feature, so that the result is the one of the plain
/// double loop.
struct BoxSearch: Hashable, Sendable {
  let tree: BoxTree
  private let samples: Matrix
  /// Of each place in the tree's leaves, the row of the sample.
  private let rows: [Int32]
  /// The samples as they were given, in the order of the leaves: those that are measured together stand
  /// together.
  private let leafSamples: Matrix
  let distinct: DistinctSamples
  let precision: SinglePrecision
  let distance: Distance

  init(
    _ samples: Matrix, _ distinct: DistinctSamples, _ precision: SinglePrecision,
    distance: Distance, threads: Int
  ) {
    self.samples = samples
    self.distinct = distinct
    self.precision = precision
    self.distance = distance
    tree = BoxTree(
      precision.converted(samples, rows: distinct.firstRows), featureCount: samples.columnCount,
      threads: threads)
    rows = tree.order.map { distinct.firstRows[Int($0)] }
    leafSamples = samples.rows(rows, threads: threads)
  }

  /// Calls `body` with every query's row and its nearest samples.
  func forEachQuery(
    in queries: Matrix, neighborCount: Int, threads: Int,
    _ body: @Sendable (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    let visits = visits(of: queries, threads: threads)
    let blockSize = 256
    let blocks = (visits.count + blockSize - 1) / blockSize
    Parallelism.forEach(blocks, threads: threads) { block, _ in
      withUnsafeParts(of: queries) { queries, leafSamples, values, bounds, rows in
        var pass = BoxSearchPass(
          search: self, leafSamples: leafSamples, values: values, bounds: bounds, rows: rows,
          neighborCount: neighborCount)
        for visit in visits[block * blockSize..<min((block + 1) * blockSize, visits.count)] {
          let query = queries + Int(visit.query) * tree.featureCount
          if !pass.run(query, home: Int(visit.leaf)) { searchPlainly(query, into: pass.nearest) }
          body(Int(visit.query), pass.nearest)
        }
      }
    }
  }

  /// A query, and the leaf whose cell it lies in.
  private struct Visit {
    var query: Int32 = 0
    var leaf: Int32 = 0
  }

  /// Queries in an order in which those that lie together follow each other: they need the same leaves,
  /// which are then still in the cache.
  private func visits(of queries: Matrix, threads: Int) -> [Visit] {
    let width = queries.columnCount
    let leaves = [Int32](unsafeUninitializedCapacity: queries.rowCount) { leaves, initialized in
      nonisolated(unsafe) let output = leaves
      let block = 1024
      Parallelism.forEach((queries.rowCount + block - 1) / block, threads: threads) { number, _ in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { converted in
          queries.elements.withUnsafeBufferPointer { values in
            for query in number * block..<min((number + 1) * block, queries.rowCount) {
              precision.convert(values.baseAddress! + query * width, to: converted.baseAddress!)
              output[query] = Int32(tree.leaf(of: converted.baseAddress!))
            }
          }
        }
      }
      initialized = queries.rowCount
    }
    // Sorted by counting.
    var starts = [Int32](repeating: 0, count: tree.paddedLeafCount + 1)
    for leaf in leaves { starts[Int(leaf) + 1] += 1 }
    for leaf in 0..<tree.paddedLeafCount { starts[leaf + 1] += starts[leaf] }
    var visits = [Visit](repeating: Visit(), count: leaves.count)
    for (query, leaf) in leaves.enumerated() {
      visits[Int(starts[Int(leaf)])] = Visit(query: Int32(query), leaf: leaf)
      starts[Int(leaf)] += 1
    }
    return visits
  }

  /// Opens the arrays once for many queries.
  private func withUnsafeParts(
    of queries: Matrix,
    _ body: (
      _ queries: UnsafePointer<Double>, _ leafSamples: UnsafePointer<Double>,
      _ values: UnsafePointer<Float>, _ bounds: UnsafePointer<Float>, _ rows: UnsafePointer<Int32>
    ) -> Void
  ) {
    queries.elements.withUnsafeBufferPointer { queries in
      leafSamples.elements.withUnsafeBufferPointer { leafSamples in
        tree.values.withUnsafeBufferPointer { values in
          tree.bounds.withUnsafeBufferPointer { bounds in
            rows.withUnsafeBufferPointer { rows in
              body(
                queries.baseAddress!, leafSamples.baseAddress!, values.baseAddress!,
                bounds.baseAddress!, rows.baseAddress!)
            }
          }
        }
      }
    }
  }

  /// Measures every sample, for queries too far away for single precision.
  private func searchPlainly(_ query: UnsafePointer<Double>, into nearest: borrowing Nearest) {
    let width = samples.columnCount
    samples.elements.withUnsafeBufferPointer { values in
      for row in 0..<samples.rowCount {
        let sample = values.baseAddress! + row * width
        nearest.insert(exactDistance(sample, query, width, distance), row: Int32(row))
      }
    }
  }
}

extension Matrix {
  /// The chosen rows, in the order given.
  fileprivate func rows(_ rows: [Int32], threads: Int) -> Matrix {
    let width = columnCount
    let blockSize = 4096
    var chosen = Matrix(rowCount: rows.count, columnCount: width)
    chosen.withUnsafeMutableElements { chosen in
      nonisolated(unsafe) let chosen = chosen.baseAddress!
      Parallelism.forEach((rows.count + blockSize - 1) / blockSize, threads: threads) { block, _ in
        elements.withUnsafeBufferPointer { elements in
          for place in block * blockSize..<min(rows.count, (block + 1) * blockSize) {
            (chosen + place * width).update(
              from: elements.baseAddress! + Int(rows[place]) * width, count: width)
          }
        }
      }
    }
    return chosen
  }
}

/// The distance of the plain double loop: summed feature after feature.
@inline(__always)
func exactDistance(
  _ sample: UnsafePointer<Double>, _ query: UnsafePointer<Double>, _ featureCount: Int,
  _ distance: Distance
) -> Double {
  var sum = 0.0
  switch distance {
  case .euclidean:
    for feature in 0..<featureCount {
      let rest = sample[feature] - query[feature]
      sum += rest * rest
    }
  case .manhattan:
    for feature in 0..<featureCount { sum += abs(sample[feature] - query[feature]) }
  }
  return sum
}

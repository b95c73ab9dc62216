import LinearAlgebra

/// Finds the nearest samples leaf by leaf, a group of queries at a time.
///
/// Distances are products in single precision, and approximate. They tell which samples may be near, which are
/// measured again in double precision, feature by feature: the result is the one of the plain double loop.
final class LeafSearch: @unchecked Sendable {
  private let samples: Matrix
  private let distinct: DistinctSamples
  private let precision: SinglePrecision
  private let nodes: Buffer<SampleTree.Node>
  /// The first leaf below each node.
  private let firstLeaves: Buffer<Int32>
  /// The first place of each leaf.
  private let leafStarts: Buffer<Int32>
  private let blocks: SampleBlocks
  private let quads: BoxQuads
  /// Of each place in the leaves the first row of the sample, inverted if others have the same, and the samples
  /// as they were given, in that order: those that are measured together stand together.
  private let rows: [Int32]
  private let leafSamples: Matrix

  init(_ samples: Matrix, distance: Distance, threads: Int) {
    let width = samples.columnCount
    let distinct = DistinctSamples(samples)
    let precision = SinglePrecision(samples)
    let converted = precision.converted(samples, rows: distinct.firstRows)
    // Samples stay in their order where boxes would keep nothing away.
    let isFlat = SampleTree.isUseless(converted, featureCount: width)
    let tree =
      isFlat
      ? SampleTree(undivided: distinct.firstRows.count)
      : SampleTree(converted, featureCount: width, threads: threads)
    tree.assertInvariants()
    blocks = SampleBlocks(
      converted, tree, featureCount: width, distance: distance, threads: threads)
    quads = BoxQuads(tree, blocks)
    let order = tree.order.map { distinct.firstRows[Int($0)] }
    leafSamples =
      isFlat && order.count == samples.rowCount ? samples : samples.rows(order, threads: threads)
    rows = order.map { distinct.isRepeated($0) ? ~$0 : $0 }
    self.samples = samples
    self.distinct = distinct
    self.precision = precision
    nodes = Buffer(tree.nodes)
    firstLeaves = Buffer(tree.firstLeaves)
    leafStarts = Buffer(tree.leafStarts)
  }

  /// Calls `body` with every query's row and its nearest samples, on up to `threads` threads.
  func forEachQuery(
    in queries: Matrix, neighborCount: Int, threads: Int,
    _ body: @Sendable (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    BLAS.prepare()
    let visits = visits(of: queries, neighborCount: neighborCount, threads: threads)
    // So many that what is known about them fits a cache.
    let size = min(visits.count, max(32, min(256, 8192 / (neighborCount + 27))))
    let groupCount = (visits.count + size - 1) / size
    let workers = min(threads, groupCount)
    withLeaves { leaves in
      let groups = Buffer<QueryGroup>(count: workers) { start in
        for worker in 0..<workers {
          (start + worker).initialize(
            to: QueryGroup(leaves, neighborCount: neighborCount, capacity: size))
        }
      }
      nonisolated(unsafe) let start = groups.start
      queries.elements.withUnsafeBufferPointer { values in
        nonisolated(unsafe) let values = values.baseAddress!
        Parallelism.forEach(groupCount, threads: workers) { group, worker in
          start[worker].run(
            visits[group * size..<min((group + 1) * size, visits.count)], of: values, body)
        }
      }
    }
  }

  /// Queries in an order in which those that lie together follow each other.
  private func visits(of queries: Matrix, neighborCount: Int, threads: Int) -> [Visit] {
    let width = queries.columnCount
    let homes = [Int32](unsafeUninitializedCapacity: queries.rowCount) { homes, initialized in
      nonisolated(unsafe) let output = homes
      let block = 1024
      Parallelism.forEach((queries.rowCount + block - 1) / block, threads: threads) { number, _ in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { converted in
          queries.elements.withUnsafeBufferPointer { values in
            for query in number * block..<min((number + 1) * block, queries.rowCount) {
              precision.convert(values.baseAddress! + query * width, to: converted.baseAddress!)
              output[query] = Int32(
                home(of: converted.baseAddress!, sampleCount: neighborCount))
            }
          }
        }
      }
      initialized = queries.rowCount
    }
    // Sorted by counting.
    var starts = [Int32](repeating: 0, count: nodes.count + 1)
    for home in homes { starts[Int(home) + 1] += 1 }
    for home in 0..<nodes.count { starts[home + 1] += starts[home] }
    var visits = [Visit](repeating: Visit(), count: homes.count)
    for (query, home) in homes.enumerated() {
      visits[Int(starts[Int(home)])] = Visit(query: Int32(query), home: home)
      starts[Int(home)] += 1
    }
    return visits
  }

  /// The deepest node around a query that has so many samples, if there is one.
  private func home(of query: UnsafePointer<Float>, sampleCount: Int) -> Int {
    let nodes = self.nodes.start
    var node = 0
    while nodes[node].right > 0 {
      let isRight = query[Int(nodes[node].feature)] >= nodes[node].value
      let half = node &+ (isRight ? Int(nodes[node].right) : 1)
      if Int(nodes[half].sampleCount) < sampleCount { break }
      node = half
    }
    return node
  }

  /// Opens the arrays once for many queries.
  private func withLeaves(_ body: (SearchedLeaves) -> Void) {
    rows.withUnsafeBufferPointer { rows in
      leafSamples.elements.withUnsafeBufferPointer { leafSamples in
        samples.elements.withUnsafeBufferPointer { samples in
          body(
            SearchedLeaves(
              featureCount: blocks.featureCount, distance: blocks.distance, precision: precision,
              distinct: distinct,
              errorBound: ErrorBound(blocks.distance, featureCount: blocks.featureCount),
              widest: blocks.widest, leafCount: leafStarts.count - 1,
              quadCount: quads.children.count, starts: blocks.starts.start,
              values: blocks.values.start, errors: blocks.errors.start,
              bounds: quads.bounds.start, children: quads.children.start, nodes: nodes.start,
              firstLeaves: firstLeaves.start, leafStarts: leafStarts.start,
              rows: rows.baseAddress!, leafSamples: leafSamples.baseAddress!, samples: samples))
        }
      }
    }
  }
}

/// A query, and the node where it is at home.
struct Visit {
  var query: Int32 = 0
  var home: Int32 = 0
}

extension SampleTree {
  /// The first leaf below each node.
  fileprivate var firstLeaves: [Int32] {
    var leaf: Int32 = 0
    return nodes.map { node in
      defer { leaf += node.right == 0 ? 1 : 0 }
      return leaf
    }
  }
}

extension Matrix {
  /// The chosen rows, in the order given.
  fileprivate func rows(_ rows: [Int32], threads: Int) -> Matrix {
    let width = columnCount
    let chosen = [Double](unsafeUninitializedCapacity: rows.count * width) { chosen, initialized in
      nonisolated(unsafe) let output = chosen
      let block = 4096
      Parallelism.forEach((rows.count + block - 1) / block, threads: threads) { number, _ in
        elements.withUnsafeBufferPointer { values in
          guard let input = values.baseAddress, let output = output.baseAddress else { return }
          for place in number * block..<min((number + 1) * block, rows.count) {
            (output + place * width).initialize(
              from: input + Int(rows[place]) * width, count: width)
          }
        }
      }
      initialized = rows.count * width
    }
    return Matrix(rowCount: rows.count, columnCount: width, elements: chosen)
  }
}

import LinearAlgebra

/// How far apart two samples are.
enum Distance: Hashable, Sendable {
  /// The sum of absolute differences (p = 1).
  case manhattan
  /// The square root of the sum of squared differences (p = 2).
  case euclidean
}

/// The nearest samples found so far, nearest first; equally near ones by row.
struct Nearest {
  /// Squared distances for ``Distance/euclidean``, plain ones otherwise.
  let distances: UnsafeMutablePointer<Double>
  let rows: UnsafeMutablePointer<Int32>
  let capacity: Int

  /// What a sample must not exceed to be among the nearest.
  @inline(__always) var limit: Double { distances[capacity &- 1] }

  func reset() {
    distances.update(repeating: .infinity, count: capacity)
    rows.update(repeating: .max, count: capacity)
  }

  @inline(__always)
  func insert(_ distance: Double, row: Int32) {
    var place = capacity &- 1
    guard distance < distances[place] || (distance == distances[place] && row < rows[place]) else {
      return
    }
    while place > 0,
      distance < distances[place &- 1]
        || (distance == distances[place &- 1] && row < rows[place &- 1])
    {
      distances[place] = distances[place &- 1]
      rows[place] = rows[place &- 1]
      place &-= 1
    }
    distances[place] = distance
    rows[place] = row
  }
}

/// Finds the nearest samples through a k-d tree.
///
/// In a leaf, one matrix–vector product gives all distances at once,
///
///     ‖q − r‖² = ‖q‖² − 2 q·r + ‖r‖²,
///
/// which rounding blurs. It only tells which samples may be near; these are measured again, feature by
/// feature, so that the result is the one of the plain double loop.
struct NeighborSearch: Hashable, Sendable {
  private let tree: KDTree
  private let distance: Distance
  /// Leaf after leaf, and in a leaf column by column.
  private let values: [Double]
  /// ‖r‖² of the sample at each place.
  private let squaredNorms: [Double]
  private let largestNorm: Double

  init(_ samples: Matrix, distance: Distance) {
    BLAS.useOneThread()
    let tree = KDTree(samples)
    let width = samples.columnCount
    var values = [Double](repeating: 0, count: samples.rowCount * width)
    var norms = [Double](repeating: 0, count: samples.rowCount)
    for leaf in tree.firstLeaf..<tree.ranges.count {
      let range = tree.ranges[leaf]
      for place in range {
        let sample = Int(tree.order[place])
        for feature in 0..<width {
          let value = samples.elements[sample * width + feature]
          values[range.lowerBound * width + feature * range.count + place - range.lowerBound] =
            value
          norms[place] += value * value
        }
      }
    }
    self.tree = tree
    self.distance = distance
    self.values = values
    squaredNorms = norms
    largestNorm = (norms.max() ?? 0).squareRoot()
  }

  var featureCount: Int { tree.featureCount }
  var sampleCount: Int { tree.order.count }

  /// The samples in the order in which they were given.
  var samples: Matrix {
    let width = featureCount
    var samples = Matrix(rowCount: sampleCount, columnCount: width)
    samples.withUnsafeMutableElements { elements in
      for leaf in tree.firstLeaf..<tree.ranges.count {
        let range = tree.ranges[leaf]
        for place in range {
          let sample = Int(tree.order[place])
          for feature in 0..<width {
            elements[sample * width + feature] =
              values[range.lowerBound * width + feature * range.count + place - range.lowerBound]
          }
        }
      }
    }
    return samples
  }

  /// Memory that a thread needs while it searches.
  struct Scratch {
    let products: UnsafeMutablePointer<Double>
    let pending: UnsafeMutablePointer<(node: Int, bound: Double)>

    init() {
      products = .allocate(capacity: KDTree.leafSize * 2)
      pending = .allocate(capacity: 128)
    }

    func deallocate() {
      products.deallocate()
      pending.deallocate()
    }
  }

  /// Fills `nearest` with the samples nearest to `query`, a run of `featureCount` numbers.
  func search(_ query: UnsafePointer<Double>, into nearest: Nearest, _ scratch: Scratch) {
    nearest.reset()
    var queryNorm = 0.0
    for feature in 0..<featureCount { queryNorm += query[feature] * query[feature] }
    // A bound on what rounding can do to the sum of products above, with room to spare.
    let reach = queryNorm.squareRoot() + largestNorm
    let blur = Double(8 * (featureCount + 4)) * Double.ulpOfOne * reach * reach

    tree.lowerBounds.withUnsafeBufferPointer { lower in
      tree.upperBounds.withUnsafeBufferPointer { upper in
        tree.ranges.withUnsafeBufferPointer { ranges in
          var pendingCount = 1
          scratch.pending[0] = (0, 0)
          while pendingCount > 0 {
            pendingCount &-= 1
            var (node, bound) = scratch.pending[pendingCount]
            if bound > nearest.limit { continue }
            while node < tree.firstLeaf {
              let left = 2 &* node &+ 1
              let leftBound = boxDistance(query, left, lower.baseAddress!, upper.baseAddress!)
              let rightBound = boxDistance(query, left &+ 1, lower.baseAddress!, upper.baseAddress!)
              let goesLeft = leftBound <= rightBound
              scratch.pending[pendingCount] =
                goesLeft ? (left &+ 1, rightBound) : (left, leftBound)
              pendingCount &+= 1
              node = goesLeft ? left : left &+ 1
              bound = goesLeft ? leftBound : rightBound
            }
            if bound > nearest.limit { continue }
            switch distance {
            case .euclidean:
              searchLeaf(
                ranges[node], query, queryNorm: queryNorm, blur: blur, nearest, scratch.products)
            case .manhattan: searchLeafPlainly(ranges[node], query, nearest)
            }
          }
        }
      }
    }
  }

  /// The distance to the nearest point of a node's bounds; never more than to any sample within, since
  /// it is summed in the same order and rounding keeps order.
  @inline(__always)
  private func boxDistance(
    _ query: UnsafePointer<Double>, _ node: Int, _ lower: UnsafePointer<Double>,
    _ upper: UnsafePointer<Double>
  ) -> Double {
    let lower = lower + node &* featureCount
    let upper = upper + node &* featureCount
    var sum = 0.0
    for feature in 0..<featureCount {
      let value = query[feature]
      let gap = max(0, max(lower[feature] - value, value - upper[feature]))
      sum += distance == .euclidean ? gap * gap : gap
    }
    return sum
  }

  @inline(__always)
  private func searchLeaf(
    _ range: Range<Int>, _ query: UnsafePointer<Double>, queryNorm: Double, blur: Double,
    _ nearest: Nearest, _ products: UnsafeMutablePointer<Double>
  ) {
    let count = range.count
    values.withUnsafeBufferPointer { values in
      squaredNorms.withUnsafeBufferPointer { norms in
        tree.order.withUnsafeBufferPointer { order in
          let leaf = values.baseAddress! + range.lowerBound &* featureCount
          products.update(from: norms.baseAddress! + range.lowerBound, count: count)
          BLAS.transposedMatrixVector(
            rows: featureCount, columns: count, alpha: -2, leaf, query, beta: 1, products)
          var limit = nearest.limit - queryNorm + blur
          for index in 0..<count where products[index] <= limit {
            var exact = 0.0
            for feature in 0..<featureCount {
              let rest = leaf[feature &* count &+ index] - query[feature]
              exact += rest * rest
            }
            if exact <= nearest.limit {
              nearest.insert(exact, row: order[range.lowerBound &+ index])
              limit = nearest.limit - queryNorm + blur
            }
          }
        }
      }
    }
  }

  private func searchLeafPlainly(
    _ range: Range<Int>, _ query: UnsafePointer<Double>, _ nearest: Nearest
  ) {
    for index in 0..<range.count {
      var sum = 0.0
      for feature in 0..<featureCount {
        let place = range.lowerBound * featureCount + feature * range.count + index
        sum += abs(values[place] - query[feature])
      }
      nearest.insert(sum, row: tree.order[range.lowerBound + index])
    }
  }
}

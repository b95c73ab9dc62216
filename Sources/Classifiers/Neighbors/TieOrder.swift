import LinearAlgebra
import Synchronization

/// Which of equally distant samples are the nearest: those that scikit-learn's search keeps.
///
/// Its tree is made when the first query needs it.
struct TieOrder: Hashable, Sendable {
  enum Rule: Hashable, Sendable {
    case tree(ReferenceTree.Shape, leafSize: Int)
    /// All rows, with Euclidean distances from products, whose rounding decides.
    case products

    /// Whether a search left it open which samples are nearest.
    ///
    /// - Parameters:
    ///   - query: a run of `featureCount` numbers.
    ///   - nearest: has one more than `count`, if there is one, where products decide.
    @inline(__always)
    func isOpen(
      _ query: UnsafePointer<Double>, _ nearest: borrowing Nearest, count: Int, featureCount: Int
    ) -> Bool {
      switch self {
      case .tree: return nearest.isTied
      case .products:
        guard count < nearest.capacity else { return false }
        let error = ReferenceProducts.errorBound(
          query, featureCount: featureCount, reach: nearest.limit.squareRoot())
        return nearest.limit - nearest.distances[count - 1] <= 2 * error
      }
    }
  }

  let rule: Rule
  /// Whether distances matter too, and not only which samples are nearest.
  private let needsDistances: Bool
  /// The class of each sample.
  private let labels: [Int32]
  private let tree = Made<ReferenceTree>()
  private let products = Made<ReferenceProducts>()

  init(_ rule: Rule, needsDistances: Bool, labels: [Int32]) {
    self.rule = rule
    self.needsDistances = needsDistances
    self.labels = labels
  }

  /// How many samples must be found to see whether the choice is open.
  func searchedCount(_ neighborCount: Int, of samples: Matrix) -> Int {
    rule == .products ? min(neighborCount + 1, samples.rowCount) : neighborCount
  }

  /// Whether all samples as near as the last of the first `count` are of one class, so that any of them will do.
  func isOneClass(_ nearest: borrowing Nearest, count: Int) -> Bool {
    let limit = nearest.distances[count - 1]
    // There may be more of them.
    if nearest.limit == limit, nearest.capacity < labels.count { return false }
    let label = labels[Int(nearest.rows[count - 1])]
    for place in 0..<nearest.capacity where nearest.distances[place] == limit {
      if labels[Int(nearest.rows[place])] != label { return false }
    }
    return true
  }

  /// The search that decides what is left open.
  func search(_ samples: Matrix, _ distance: Distance, threads: Int) -> any ReferenceSearch {
    switch rule {
    case .tree(let shape, let leafSize):
      tree.value {
        ReferenceTree(
          samples, distance: distance, shape: shape, leafSize: leafSize, threads: threads)
      }
    case .products: products.value { ReferenceProducts(samples) }
    }
  }

  /// What rounds distances, if they matter and are not the exact ones.
  func rounding(_ samples: Matrix) -> ReferenceProducts? {
    rule == .products && needsDistances ? products.value { ReferenceProducts(samples) } : nil
  }

  static func == (first: Self, second: Self) -> Bool {
    first.rule == second.rule && first.needsDistances == second.needsDistances
      && first.labels == second.labels
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(rule)
    hasher.combine(needsDistances)
    hasher.combine(labels)
  }
}

/// A search that keeps of equally distant samples those that scikit-learn's keeps.
protocol ReferenceSearch: Sendable {
  /// Calls `body` with each of a block of rows and the samples nearest to it.
  ///
  /// - Parameter queries: all rows, a number for each feature.
  func search(
    _ rows: ArraySlice<Int>, of queries: UnsafePointer<Double>, neighborCount: Int,
    _ body: (_ row: Int, _ nearest: borrowing Nearest) -> Void)
}

/// A value that follows from others, made on demand; the first who needs it makes it, others wait.
private final class Made<Value: Sendable>: Sendable {
  private let made = Mutex<Value?>(nil)

  func value(_ make: () -> Value) -> Value {
    made.withLock { made in
      if let made { return made }
      let value = make()
      made = value
      return value
    }
  }
}

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
  private let tree = Made<ReferenceTree>()
  private let products = Made<ReferenceProducts>()

  init(_ rule: Rule, needsDistances: Bool) {
    self.rule = rule
    self.needsDistances = needsDistances
  }

  /// How many samples must be found to see whether the choice is open.
  func searchedCount(_ neighborCount: Int, of samples: Matrix) -> Int {
    rule == .products ? min(neighborCount + 1, samples.rowCount) : neighborCount
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
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(rule)
    hasher.combine(needsDistances)
  }
}

/// A search that keeps of equally distant samples those that scikit-learn's keeps.
protocol ReferenceSearch: Sendable {
  /// Fills `nearest` with the samples nearest to `query`, a number for each feature.
  func search(_ query: UnsafePointer<Double>, into nearest: borrowing Nearest)
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

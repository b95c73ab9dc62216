import LinearAlgebra
import Synchronization

/// Which of equally distant samples are the nearest: those that scikit-learn's search meets first.
///
/// Its tree is made when the first query needs it. Equal ones have equal rules; the tree follows from them.
struct TieOrder: Hashable, Sendable {
  let shape: ReferenceTree.Shape
  let leafSize: Int
  private let tree = MadeTree()

  init(_ shape: ReferenceTree.Shape, leafSize: Int) {
    self.shape = shape
    self.leafSize = leafSize
  }

  /// Fills `nearest` with the samples nearest to a query.
  func search(
    _ samples: Matrix, _ distance: Distance, around query: UnsafePointer<Double>,
    into nearest: borrowing Nearest
  ) {
    tree.tree {
      ReferenceTree(samples, distance: distance, shape: shape, leafSize: leafSize)
    }.search(query, into: nearest)
  }

  static func == (first: Self, second: Self) -> Bool {
    (first.shape, first.leafSize) == (second.shape, second.leafSize)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    hasher.combine(leafSize)
  }
}

/// The tree, made on demand; the first who needs it makes it, others wait.
private final class MadeTree: Sendable {
  private let made = Mutex<ReferenceTree?>(nil)

  func tree(_ make: () -> ReferenceTree) -> ReferenceTree {
    made.withLock { made in
      if let made { return made }
      let tree = make()
      made = tree
      return tree
    }
  }
}

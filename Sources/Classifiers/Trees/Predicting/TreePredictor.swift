import LinearAlgebra
import ModelFiles
import Support

/// Trees packed for prediction.
struct TreePredictor: Hashable, Sendable {
  enum Packing: Hashable, Sendable {
    case narrow(PackedTrees<UInt32>)
    /// For trees with so many nodes and features that a link needs more than 32 bits.
    case wide(PackedTrees<UInt64>)
  }

  /// The fewest trees for which coding each row is faster.
  private static let codedTreeCount = 4
  /// The fewest rows for which coding the trees is faster, unless they are large.
  private static let codedRowCount = 2048
  /// The most nodes of a tree per row for which coding it is faster.
  private static let codedNodesPerRow = 8
  /// The fewest rows for which coded trees are faster, once the trees are coded.
  private static let orderedRowCount = 64

  let packing: Packing
  /// The same trees for many rows at once, made when they are first needed; copies share them.
  private let coded = Coded()

  init(_ trees: [PredictionTree], featureCount: Int, threads: Int) {
    self.init(TreeTensors(trees, threads: threads), featureCount: featureCount, threads: threads)
  }

  /// - Precondition: the arrays describe whole trees that look at no more features than that.
  init(
    _ tensors: TreeTensors, featureCount: Int, threads: Int = Parallelism.availableThreads
  ) {
    let ends = tensors.roots.dropFirst() + [Int32(tensors.leftChildren.count)]
    let largestTree = zip(tensors.roots, ends).lazy.map { Int($1 - $0) }.max() ?? 1
    packing =
      PackedTrees<UInt32>.fits(
        sideCount: featureCount * tensors.sidesPerFeature, largestTree: largestTree)
      ? .narrow(PackedTrees(tensors, featureCount: featureCount, threads: threads))
      : .wide(PackedTrees(tensors, featureCount: featureCount, threads: threads))
  }

  /// The trees as the arrays of a file.
  var tensors: TreeTensors {
    switch packing {
    case .narrow(let trees): trees.tensors
    case .wide(let trees): trees.tensors
    }
  }

  var classCount: Int {
    switch packing {
    case .narrow(let trees): trees.classCount
    case .wide(let trees): trees.classCount
    }
  }

  /// The mean over all trees of the class shares in the leaf that each row reaches.
  func meanShares(for features: Matrix, threads: Int) -> Matrix {
    switch packing {
    case .narrow(let trees):
      let rowCount = features.rowCount
      let codedRowCount = max(
        Self.codedRowCount, trees.nodes.count / trees.roots.count / Self.codedNodesPerRow)
      guard trees.roots.count >= Self.codedTreeCount,
        rowCount >= codedRowCount || (rowCount >= Self.orderedRowCount && coded.isMade)
      else { return trees.meanShares(for: features, threads: threads) }
      return coded.trees(trees, featureCount: features.columnCount, threads: threads)?
        .meanShares(for: features, threads: threads)
        ?? trees.meanShares(for: features, threads: threads)
    case .wide(let trees): return trees.meanShares(for: features, threads: threads)
    }
  }

  /// Codes the trees, unless they are coded.
  func prepareForBatches(featureCount: Int, threads: Int) {
    guard case .narrow(let trees) = packing, trees.roots.count >= Self.codedTreeCount else {
      return
    }
    _ = coded.trees(trees, featureCount: featureCount, threads: threads)
  }

  /// The labels of shuffled rows; `nil` if the trees cannot be coded.
  func labels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32]? {
    guard case .narrow(let trees) = packing else { return nil }
    return coded.trees(trees, featureCount: shuffled.features.columnCount, threads: threads)?
      .labels(of: shuffled, threshold: threshold, threads: threads)
  }

  /// The mean over all trees of the class shares in the leaf that one sample reaches.
  func meanShares(of sample: [Double]) -> [Double] {
    switch packing {
    case .narrow(let trees): trees.meanShares(of: sample)
    case .wide(let trees): trees.meanShares(of: sample)
    }
  }

  static func == (first: TreePredictor, second: TreePredictor) -> Bool {
    first.packing == second.packing
  }

  func hash(into hasher: inout Hasher) { hasher.combine(packing) }
}

/// The coded trees, made on demand.
private final class Coded: Sendable {
  /// The inner `nil`: they do not fit.
  private let made = Mutex<CodedTrees??>(nil)

  /// Whether they are made; does not wait while they are being made.
  var isMade: Bool { made.withLockIfAvailable { $0 != nil } ?? false }

  /// - Parameter featureCount: the model's.
  /// - Returns: `nil` where they do not fit.
  func trees(
    _ trees: PackedTrees<UInt32>, featureCount: Int, threads: Int
  ) -> CodedTrees? {
    made.withLock { made in
      if let made { return made }
      let coded = CodedTrees(trees, featureCount: featureCount, threads: threads)
      made = .some(coded)
      return coded
    }
  }
}

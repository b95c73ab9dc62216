import LinearAlgebra

/// Trees packed for prediction.
struct TreePredictor: Hashable, Sendable {
  enum Packing: Hashable, Sendable {
    case narrow(PackedTrees<UInt32>)
    /// For trees of so many nodes and features that a node's link needs more than 32 bits.
    case wide(PackedTrees<UInt64>)
  }

  /// From so many rows on, coding the trees is worth its time.
  private static let codedRowCount = 2048

  let packing: Packing

  init(_ packing: Packing) { self.packing = packing }

  init(_ trees: [Tree], threads: Int = Parallelism.availableThreads) {
    let featureCount = 1 + (trees.lazy.flatMap(\.features).max().map { max(0, Int($0)) } ?? 0)
    let largestTree = trees.lazy.map(\.nodeCount).max() ?? 1
    packing =
      PackedTrees<UInt32>.fits(featureCount: featureCount, largestTree: largestTree)
      ? .narrow(PackedTrees(trees, featureCount: featureCount, threads: threads))
      : .wide(PackedTrees(trees, featureCount: featureCount, threads: threads))
  }

  var classCount: Int {
    switch packing {
    case .narrow(let trees): trees.classCount
    case .wide(let trees): trees.classCount
    }
  }

  var treeCount: Int {
    switch packing {
    case .narrow(let trees): trees.roots.count
    case .wide(let trees): trees.roots.count
    }
  }

  /// The mean over all trees of the class shares in the leaf that each row reaches.
  func meanShares(for features: Matrix, threads: Int) -> Matrix {
    switch packing {
    case .narrow(let trees):
      codedShares(UInt32.self, trees, features, threads: threads)
        ?? codedShares(UInt64.self, trees, features, threads: threads)
        ?? trees.meanShares(for: features, threads: threads)
    case .wide(let trees): trees.meanShares(for: features, threads: threads)
    }
  }

  /// The mean over all trees of the class shares in the leaf that one sample reaches.
  func meanShares(of sample: [Double]) -> [Double] {
    switch packing {
    case .narrow(let trees): trees.meanShares(of: sample)
    case .wide(let trees): trees.meanShares(of: sample)
    }
  }

  /// ``meanShares(for:threads:)`` by coded trees; `nil` for few rows, and for trees that do not fit.
  private func codedShares<Word: FixedWidthInteger & UnsignedInteger & Sendable>(
    _: Word.Type, _ trees: PackedTrees<UInt32>, _ features: Matrix, threads: Int
  ) -> Matrix? {
    guard features.rowCount >= Self.codedRowCount else { return nil }
    return CodedTrees<Word>(trees, featureCount: features.columnCount, threads: threads)?
      .meanShares(for: features, threads: threads)
  }
}

package import LinearAlgebra

/// Trees reduced to what prediction needs: what is kept of a tree or a forest in a file.
///
/// Its probabilities are those of the ``DecisionTreeModel`` or ``RandomForestModel`` it came from, to
/// the last bit. What only describes how the trees grew is gone: impurities, weights, the counts of
/// samples, the shares of inner nodes, and the digits of thresholds beyond 32 bits.
package struct PackedTreesModel: ClassificationModel, Hashable {
  package let featureCount: Int
  package var classCount: Int { predictor.classCount }
  package var treeCount: Int { predictor.treeCount }
  private let predictor: TreePredictor

  fileprivate init(_ predictor: TreePredictor, featureCount: Int) {
    self.predictor = predictor
    self.featureCount = featureCount
  }

  /// - Precondition: the arrays describe whole trees that look at no more features than that.
  package init(_ arrays: TreeArrays, featureCount: Int) {
    self.init(TreePredictor(arrays, featureCount: featureCount), featureCount: featureCount)
  }

  package func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    return predictor.meanShares(for: features, threads: threads)
  }

  package func probabilities(of sample: [Double]) -> [Double] {
    precondition(sample.count == featureCount, "the model knows \(featureCount) features")
    return predictor.meanShares(of: sample)
  }

  package func prepareForBatches(threads: Int) {
    predictor.prepareForBatches(featureCount: featureCount, threads: threads)
  }

  /// The trees as arrays.
  package var arrays: TreeArrays { predictor.arrays }
}

extension DecisionTreeModel {
  public func prepareForBatches(threads: Int) { packed.prepareForBatches(threads: threads) }

  package var packed: PackedTreesModel {
    PackedTreesModel(predictor, featureCount: featureCount)
  }
}

extension RandomForestModel {
  public func prepareForBatches(threads: Int) { packed.prepareForBatches(threads: threads) }

  package var packed: PackedTreesModel {
    PackedTreesModel(predictor, featureCount: featureCount)
  }
}

/// Packed trees as arrays, for files. Entry `i` of the arrays of nodes describes node `i`; nodes are
/// numbered through all trees, tree after tree and breadth first within each.
package struct TreeArrays: Hashable, Sendable {
  package let classCount: Int
  /// Each tree's first node.
  package let roots: [Int32]
  /// In inner nodes the left child, with the right one next to it. In leaves −1 − *r*, where *r* is a
  /// row of `leafShares`.
  package let leftChildren: [Int32]
  /// A sample goes left when its value is at most this; 0 in leaves.
  package let thresholds: [Float]
  /// The feature that a node looks at; 0 in leaves.
  package let features: [Int32]
  /// The share of each class in a leaf, `classCount` numbers a row; each row occurs once.
  package let leafShares: [Double]

  package init(
    classCount: Int, roots: [Int32], leftChildren: [Int32], thresholds: [Float], features: [Int32],
    leafShares: [Double]
  ) {
    self.classCount = classCount
    self.roots = roots
    self.leftChildren = leftChildren
    self.thresholds = thresholds
    self.features = features
    self.leafShares = leafShares
  }
}

extension TreePredictor {
  fileprivate var arrays: TreeArrays {
    switch packing {
    case .narrow(let trees): trees.arrays
    case .wide(let trees): trees.arrays
    }
  }

  fileprivate init(_ arrays: TreeArrays, featureCount: Int) {
    let ends = arrays.roots.dropFirst() + [Int32(arrays.leftChildren.count)]
    let largestTree = zip(arrays.roots, ends).lazy.map { Int($1 - $0) }.max() ?? 1
    self.init(
      PackedTrees<UInt32>.fits(featureCount: featureCount, largestTree: largestTree)
        ? .narrow(PackedTrees(arrays, featureCount: featureCount))
        : .wide(PackedTrees(arrays, featureCount: featureCount)))
  }
}

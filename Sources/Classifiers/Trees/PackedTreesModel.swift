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

  package init(_ predictor: TreePredictor, featureCount: Int) {
    self.predictor = predictor
    self.featureCount = featureCount
  }

  package func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    return predictor.meanShares(for: features, threads: threads)
  }

  package func probabilities(of sample: [Double]) -> [Double] {
    precondition(sample.count == featureCount, "the model knows \(featureCount) features")
    return predictor.meanShares(of: sample)
  }

  /// The trees as arrays.
  package var arrays: TreeArrays { predictor.arrays }
}

extension DecisionTreeModel {
  package var packed: PackedTreesModel {
    PackedTreesModel(predictor, featureCount: featureCount)
  }
}

extension RandomForestModel {
  package var packed: PackedTreesModel {
    PackedTreesModel(predictor, featureCount: featureCount)
  }
}

/// Packed trees as arrays, for files. Entry `i` of the arrays of nodes describes node `i`; nodes are
/// numbered through all trees, tree after tree and breadth first within each.
package struct TreeArrays: Hashable, Sendable {
  package let classCount: Int
  /// Each tree's first node.
  package var roots: [Int32]
  /// In inner nodes the left child, with the right one next to it. In leaves −1 − *r*, where *r* is a
  /// row of `leafShares`.
  package var leftChildren: [Int32]
  /// A sample goes left when its value is at most this; 0 in leaves.
  package var thresholds: [Float]
  /// The feature that a node looks at; 0 in leaves.
  package var features: [Int32]
  /// The share of each class in a leaf, `classCount` numbers a row; each row occurs once.
  package var leafShares: [Double]
}

extension TreePredictor {
  package var arrays: TreeArrays {
    switch packing {
    case .narrow(let trees): trees.arrays
    case .wide(let trees): trees.arrays
    }
  }

  /// Rebuilds trees from arrays that nobody has checked yet.
  ///
  /// The arrays are asked for one after the other, and the nodes are made only when the trees' shape is
  /// known to be sound.
  ///
  /// - Throws: ``ModelContentError``, or what an array's closure throws.
  package init(
    classCount: Int, featureCount: Int, leafShares: [Double], roots: [Int32],
    leftChildren: () throws -> [Int32], thresholds: () throws -> [Float],
    features: () throws -> [Int32]
  ) throws {
    let rowCount = try Self.checkShares(leafShares, classCount: classCount)
    let left = try leftChildren()
    try Self.checkShape(left, roots: roots, rowCount: rowCount)
    let ends = roots.dropFirst() + [Int32(left.count)]
    let largestTree = zip(roots, ends).lazy.map { Int($1 - $0) }.max() ?? 1
    func trees<Link>(_: Link.Type) throws -> PackedTrees<Link> {
      var trees = PackedTrees<Link>(
        leftChildren: left, roots: roots, leafShares: leafShares, classCount: classCount,
        featureCount: featureCount)
      try Self.fill(&trees, thresholds: try thresholds())
      try Self.fill(&trees, features: try features(), featureCount: featureCount)
      return trees
    }
    self.init(
      PackedTrees<UInt32>.fits(featureCount: featureCount, largestTree: largestTree)
        ? .narrow(try trees(UInt32.self)) : .wide(try trees(UInt64.self)))
  }

  /// The number of rows; each must be a distribution over the classes.
  private static func checkShares(
    _ shares: [Double], classCount: Int
  ) throws(ModelContentError) -> Int {
    let rowCount = shares.count / classCount
    for row in 0..<rowCount {
      try ModelContentError.checkDistribution(
        shares[row * classCount..<(row + 1) * classCount], "leaf_shares, row \(row)")
    }
    return rowCount
  }

  /// Checks that every tree is whole: the children of its inner nodes follow each other without a gap,
  /// breadth first, which leaves no room for circles, strays and shared nodes.
  private static func checkShape(
    _ left: [Int32], roots: [Int32], rowCount: Int
  ) throws(ModelContentError) {
    guard left.count < Int(Int32.max), roots.first == 0 else {
      throw ModelContentError("tree_roots: expected the first tree to start at node 0")
    }
    for (tree, root) in roots.enumerated() {
      let end = tree + 1 < roots.count ? Int(roots[tree + 1]) : left.count
      guard Int(root) < end, end <= left.count else {
        throw ModelContentError(
          "tree_roots: tree \(tree) starts at node \(root) and ends at node \(end) of \(left.count)"
        )
      }
      var next = Int(root) + 1
      for node in Int(root)..<end {
        guard node < next else {
          throw ModelContentError("left_child: node \(node) of tree \(tree) has no parent")
        }
        if left[node] >= 0 {
          guard Int(left[node]) == next, next + 1 < end else {
            throw ModelContentError(
              "left_child: node \(node) of tree \(tree) names child \(left[node]), expected \(next), "
                + "with both children below \(end)")
          }
          next += 2
        } else if -1 - Int(left[node]) >= rowCount {
          throw ModelContentError(
            "left_child: leaf \(node) names row \(-1 - Int(left[node])) of \(rowCount) rows of shares"
          )
        }
      }
      guard next == end else {
        throw ModelContentError(
          "left_child: tree \(tree) ends at node \(next), the next one starts at \(end)")
      }
    }
  }

  private static func fill<Link>(
    _ trees: inout PackedTrees<Link>, thresholds: [Float]
  ) throws(ModelContentError) {
    guard thresholds.count == trees.nodes.count else {
      throw ModelContentError(
        "threshold: expected \(trees.nodes.count), found \(thresholds.count)")
    }
    for (node, threshold) in thresholds.enumerated() {
      if trees.isLeaf(node) {
        guard threshold == 0 else {
          throw ModelContentError("threshold: leaf \(node) has \(threshold), expected 0")
        }
      } else {
        guard threshold.isFinite else {
          throw ModelContentError("threshold: node \(node) has \(threshold)")
        }
        trees.setThreshold(threshold, of: node)
      }
    }
  }

  private static func fill<Link>(
    _ trees: inout PackedTrees<Link>, features: [Int32], featureCount: Int
  ) throws(ModelContentError) {
    guard features.count == trees.nodes.count else {
      throw ModelContentError("feature: expected \(trees.nodes.count), found \(features.count)")
    }
    for (node, feature) in features.enumerated() {
      let limit = trees.isLeaf(node) ? 1 : featureCount
      guard feature >= 0, Int(feature) < limit else {
        throw ModelContentError(
          "feature: node \(node) looks at feature \(feature), expected one below \(limit)")
      }
      trees.setFeature(feature, of: node)
    }
  }
}

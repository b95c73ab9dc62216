/// A node's numbers besides the weights of its classes.
struct NodeSummary {
  /// How many distinct samples reached the node.
  var rowCount: Int
  /// The sum of their weights.
  var weight: Double
  var impurity: Double

  /// The decrease of impurity by a split, weighted with the node's share of the tree.
  func improvement(left: SideSummary, right: SideSummary, totalWeight: Double) -> Double {
    weight / totalWeight
      * (impurity - right.weight / weight * right.impurity - left.weight / weight * left.impurity)
  }
}

/// Weight and impurity of the samples on one side of a split.
struct SideSummary {
  var weight: Double
  var impurity: Double
}

extension NodeSummary {
  init(_ side: SideSummary, rowCount: Int) {
    self.init(rowCount: rowCount, weight: side.weight, impurity: side.impurity)
  }
}

/// A child of a split: its samples, and its summary.
struct Child<Part> {
  var part: Part
  var summary: NodeSummary
}

/// A split that was carried out.
struct NodeSplit<Part> {
  var feature: Int
  /// Samples whose value is at most this went left.
  var threshold: Double
  /// Whether samples that lack the feature go left. If the node has none, they would go with the larger side.
  var missingGoesLeft: Bool
  /// The decrease of impurity, weighted with the node's share of the tree.
  var improvement: Double
  var left: Child<Part>
  var right: Child<Part>
}

/// Finds a node's best split and carries it out: the part of growing that reads samples.
///
/// Growing a tree has four roles. ``CandidateDrawing`` proposes features, a splitter finds the best threshold
/// among them, a criterion (``Impurity``) scores it, and ``TreeBuilder`` decides which node comes next and which is a
/// leaf.
protocol NodeSplitter: ~Copyable {
  /// The samples of a node.
  associatedtype Part
  /// The least weight of a leaf.
  var minimumLeafWeight: Double { get }

  /// Allocates the working memory, once for many trees.
  init(_ packed: PackedSamples, labels: [Int], rules: GrowthRules)

  /// Begins a tree.
  mutating func begin(_ plan: TreePlan)

  /// The node of all samples. Writes the classes' weights.
  mutating func root(classWeights: UnsafeMutablePointer<Double>) -> Child<Part>

  /// Finds the node's best split and carries it out; `nil` if there is none.
  ///
  /// - Parameters:
  ///   - classWeights: the classes' weights in the node.
  ///   - constantCount: the number of features that are known to be constant; increased by those that are
  ///     found.
  ///   - left: receives the classes' weights in the left child.
  ///   - right: the same for the right child.
  mutating func split(
    _ part: Part, _ node: NodeSummary, classWeights: UnsafePointer<Double>,
    constantCount: inout Int, left: UnsafeMutablePointer<Double>,
    right: UnsafeMutablePointer<Double>
  ) -> NodeSplit<Part>?
}

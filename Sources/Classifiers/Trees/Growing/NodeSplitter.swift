/// What is known of a node besides the weights of its classes.
struct NodeSummary {
  /// How many distinct samples reached the node.
  var rowCount: Int
  /// What they weigh together.
  var weight: Double
  var impurity: Double

  /// How much a split lowers the impurity, weighted with the node's share in the tree.
  func improvement(left: SideSummary, right: SideSummary, totalWeight: Double) -> Double {
    weight / totalWeight
      * (impurity - right.weight / weight * right.impurity - left.weight / weight * left.impurity)
  }
}

/// What the samples on one side of a split weigh, and how mixed their classes are.
struct SideSummary {
  var weight: Double
  var impurity: Double
}

extension NodeSummary {
  init(_ side: SideSummary, rowCount: Int) {
    self.init(rowCount: rowCount, weight: side.weight, impurity: side.impurity)
  }
}

/// A child that a split made: where its samples lie, and its summary.
struct Child<Part> {
  var part: Part
  var summary: NodeSummary
}

/// A split that was carried out.
struct NodeSplit<Part> {
  var feature: Int
  /// Samples whose value is at most this went left.
  var threshold: Double
  /// The decrease of impurity, weighted with the node's share in the tree.
  var improvement: Double
  var left: Child<Part>
  var right: Child<Part>
}

/// The part of growing that sees samples: it finds a node's best split and carries it out.
///
/// Growing a tree has four roles. ``CandidateDrawing`` proposes the features that a node looks at, a
/// splitter finds the best threshold among them, a criterion (``Impurity``) scores, and ``TreeBuilder``
/// decides which node comes next and when a branch ends.
protocol NodeSplitter: ~Copyable {
  /// Where a node's samples lie.
  associatedtype Part
  /// The least weight of a leaf.
  var minimumLeafWeight: Double { get }

  /// Takes the memory that growing needs, once for many trees.
  init(_ packed: PackedSamples, labels: [Int], rules: GrowthRules)

  /// Makes ready for one tree.
  mutating func begin(_ plan: TreePlan)

  /// The node of all samples. Writes what each class weighs.
  mutating func root(classWeights: UnsafeMutablePointer<Double>) -> Child<Part>

  /// Finds the node's best split and carries it out; `nil` where there is none.
  ///
  /// - Parameters:
  ///   - classWeights: what each class weighs in the node.
  ///   - constantCount: how many features are known to be constant; more afterwards where more were
  ///     found.
  ///   - left: receives what each class weighs in the left child.
  ///   - right: the same for the right child.
  mutating func split(
    _ part: Part, _ node: NodeSummary, classWeights: UnsafePointer<Double>,
    constantCount: inout Int, left: UnsafeMutablePointer<Double>,
    right: UnsafeMutablePointer<Double>
  ) -> NodeSplit<Part>?
}

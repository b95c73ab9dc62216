/// What is known of a node besides the weights of its classes.
struct NodeFacts {
  /// How many distinct samples reached the node.
  var rowCount: Int
  /// What they weigh together.
  var weight: Double
  var impurity: Double
}

/// A child that a division made: where its samples lie, and its facts.
struct Child<Part> {
  var part: Part
  var facts: NodeFacts
}

/// A split that was carried out.
struct Division<Part> {
  var feature: Int
  /// Samples whose value is at most this went left.
  var threshold: Double
  /// The decrease of impurity, weighted with the node's share in the tree.
  var improvement: Double
  var left: Child<Part>
  var right: Child<Part>
}

/// The part of growing that sees samples: it searches a node's best split and carries it out.
///
/// What decides which node comes next, and when to stop, is ``TreeBuilder``.
protocol NodeDivider {
  /// Where a node's samples lie.
  associatedtype Part
  var classCount: Int { get }
  /// The least weight of a leaf.
  var minimumLeafWeight: Double { get }

  /// The node of all samples. Writes what each class weighs.
  mutating func root(classWeights: UnsafeMutablePointer<Double>) -> Child<Part>

  /// Searches the node's best split and carries it out; `nil` where there is none.
  ///
  /// - Parameters:
  ///   - classWeights: what each class weighs in the node.
  ///   - constantCount: how many features are known to be constant; more afterwards where more were
  ///     found.
  ///   - left: receives what each class weighs in the left child.
  ///   - right: the same for the right child.
  mutating func divide(
    _ part: Part, _ node: NodeFacts, classWeights: UnsafePointer<Double>,
    constantCount: inout Int, left: UnsafeMutablePointer<Double>,
    right: UnsafeMutablePointer<Double>
  ) -> Division<Part>?
}

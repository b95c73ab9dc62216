/// Trees from arrays that nobody has checked yet, such as those of a file.
extension Tree {
  /// Checks that the nodes make a whole tree of finite numbers, whose children stand behind their parents.
  ///
  /// - Parameter arrays: entry `i` of each describes node `i`, as in ``Tree``.
  /// - Throws: ``ModelContentError``.
  package init(
    classCount: Int, featureCount: Int, features: [Int32], thresholds: [Double],
    leftChildren: [Int32], rightChildren: [Int32], impurities: [Double], weights: [Double],
    sampleCounts: [Int32], classShares: [Double]
  ) throws(ModelContentError) {
    let count = features.count
    guard count > 0, classCount > 0,
      [
        thresholds.count, leftChildren.count, rightChildren.count, impurities.count,
        weights.count, sampleCounts.count,
      ].allSatisfy({ $0 == count }), classShares.count == count * classCount
    else { throw ModelContentError("the arrays of a tree differ in length") }
    var hasParent = [Bool](repeating: false, count: count)
    hasParent[0] = true
    for node in 0..<count {
      if features[node] == Self.noFeature {
        guard leftChildren[node] == Self.noChild, rightChildren[node] == Self.noChild else {
          throw ModelContentError("leaf \(node) has children")
        }
        continue
      }
      guard 0..<featureCount ~= Int(features[node]) else {
        throw ModelContentError("node \(node) looks at feature \(features[node])")
      }
      for child in [Int(leftChildren[node]), Int(rightChildren[node])] {
        guard child > node, child < count, !hasParent[child] else {
          throw ModelContentError("node \(node) names child \(child) of \(count) nodes")
        }
        hasParent[child] = true
      }
    }
    guard !hasParent.contains(false) else {
      throw ModelContentError("a node has no parent")
    }
    guard
      [thresholds, impurities, weights, classShares].allSatisfy({ $0.allSatisfy(\.isFinite) })
    else { throw ModelContentError("a number is not finite") }
    self.init(classCount: classCount)
    self.features = features
    self.thresholds = thresholds
    self.leftChildren = leftChildren
    self.rightChildren = rightChildren
    self.impurities = impurities
    self.weights = weights
    self.sampleCounts = sampleCounts
    self.classShares = classShares
  }
}

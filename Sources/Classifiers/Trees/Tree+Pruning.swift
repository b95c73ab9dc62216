extension Tree {
  /// The smallest subtree whose cost, impurity plus `alpha` per leaf, is least.
  ///
  /// The branch that lowers the impurity least per leaf is cut, again and again, until the next would
  /// cost more than `alpha`. Node numbers follow the depth-first order, left before right.
  ///
  /// - Complexity: O(*n·c*) for *n* nodes and *c* cuts.
  /// - SeeAlso: Breiman and others, "Classification and Regression Trees", 1984, section 3.3.
  func pruned(alpha: Double) -> Tree {
    guard alpha > 0, nodeCount > 1 else { return self }
    var parents = [Int](repeating: -1, count: nodeCount)
    var isInner = features.map { $0 != Self.noFeature }
    for node in 0..<nodeCount where isInner[node] {
      parents[Int(leftChildren[node])] = node
      parents[Int(rightChildren[node])] = node
    }
    let ownCosts = (0..<nodeCount).map { weights[$0] * impurities[$0] / weights[0] }
    var branchCosts = [Double](repeating: 0, count: nodeCount)
    var branchLeaves = [Int](repeating: 0, count: nodeCount)
    for leaf in 0..<nodeCount where !isInner[leaf] {
      branchCosts[leaf] = ownCosts[leaf]
      var node = parents[leaf]
      while node >= 0 {
        branchCosts[node] += ownCosts[leaf]
        branchLeaves[node] += 1
        node = parents[node]
      }
    }

    while isInner[0] {
      var weakest = 0
      var weakestAlpha = Double.infinity
      for node in 0..<nodeCount where isInner[node] {
        let nodeAlpha = (ownCosts[node] - branchCosts[node]) / Double(branchLeaves[node] - 1)
        if nodeAlpha < weakestAlpha {
          weakestAlpha = nodeAlpha
          weakest = node
        }
      }
      if alpha < weakestAlpha { break }
      cut(weakest, &isInner)
      let rise = ownCosts[weakest] - branchCosts[weakest]
      let lostLeaves = branchLeaves[weakest] - 1
      branchCosts[weakest] = ownCosts[weakest]
      branchLeaves[weakest] = 0
      var node = parents[weakest]
      while node >= 0 {
        branchCosts[node] += rise
        branchLeaves[node] -= lostLeaves
        node = parents[node]
      }
    }
    return copy(whereInner: isInner)
  }

  /// Makes a leaf of the node; nothing below it is inner any more.
  private func cut(_ node: Int, _ isInner: inout [Bool]) {
    var below = [node]
    while let next = below.popLast() {
      isInner[next] = false
      guard features[next] != Self.noFeature else { continue }
      below.append(Int(leftChildren[next]))
      below.append(Int(rightChildren[next]))
    }
  }

  /// The part of the tree that is reached from the root through inner nodes.
  private func copy(whereInner isInner: [Bool]) -> Tree {
    var kept: [Int] = []
    var pending = [0]
    while let node = pending.popLast() {
      kept.append(node)
      guard isInner[node] else { continue }
      pending.append(Int(rightChildren[node]))
      pending.append(Int(leftChildren[node]))
    }
    var numbers = [Int32](repeating: Self.noChild, count: nodeCount)
    for (number, node) in kept.enumerated() { numbers[node] = Int32(number) }
    var copy = Tree(classCount: classCount, capacity: kept.count)
    for node in kept {
      let facts = NodeFacts(
        rowCount: Int(sampleCounts[node]), weight: weights[node], impurity: impurities[node])
      if isInner[node] {
        copy.append(
          feature: features[node], threshold: thresholds[node],
          left: numbers[Int(leftChildren[node])], right: numbers[Int(rightChildren[node])],
          facts: facts)
      } else {
        copy.append(
          feature: Self.noFeature, threshold: -2, left: Self.noChild, right: Self.noChild,
          facts: facts)
      }
      for label in 0..<classCount { copy.append(share: classShares[node * classCount + label]) }
    }
    return copy
  }
}
